package sweep

import (
	"fmt"
	"strings"

	"github.com/bootsim/bootsim/emu"
)

// until tells the boots before a fault strikes.
func (r *runner) until(l *life, st Step, again bool) (lines []string) {
	at := l.opAt(st)
	for i := range l.boots {
		if b := &l.boots[i]; i == 0 || b.firstOp <= at {
			lines = append(lines, "boots "+r.bootLine(b))
		}
	}
	return lines
}

// bootLine tells one boot.
func (r *runner) bootLine(b *bootRecord) string {
	if app := b.outcome.App; app != nil {
		what := b.role().String()
		if b.image != nil && b.image.Name != "" {
			what += " " + b.image.Name
		}
		return fmt.Sprintf("%s from %s (0x%08x)", what, app.Label, app.Offset)
	}
	text := [...]string{
		emu.EndReset: "nothing: the bootloader gives up and resets", emu.EndReturned: "nothing: the bootloader returns to the ROM, silence",
		emu.EndAbort: "nothing: abort() in the bootloader", emu.EndException: "nothing: an exception in the bootloader",
		emu.EndHang: "nothing: the bootloader hangs", emu.EndROM: "nothing: the ROM finds no bootloader",
		emu.EndUnknown: "not modelled: " + b.outcome.NotModelled,
	}[b.outcome.End]
	if n := len(b.outcome.Refusals); n > 0 && b.outcome.Refusals[n-1].Detail != "" {
		text += " (" + b.outcome.Refusals[n-1].Detail + ")"
	}
	return text
}

// endLine tells how a run ends.
func (r *runner) endLine(l *life) string {
	switch l.end {
	case endRest:
		if l.err != nil {
			return "the application stays, the update is not done: " + l.err.Error()
		}
		return "the application stays: nothing is left to do"
	case endDead:
		return "the device is dead: switching it off and on changes nothing"
	case endLoop:
		return "the device restarts for ever in the same state"
	case endEndless:
		return fmt.Sprintf("the device still restarts after %d boots", len(l.boots))
	}
	return "what follows is not modelled"
}

// course tells the last run, with the lines of the console that say why.
func (r *runner) course(l *life) (lines []string) {
	for i := range l.boots {
		b := &l.boots[i]
		lines = append(lines, "then boots "+r.bootLine(b))
		if i < 3 {
			for _, line := range warnings(b.outcome.Log) {
				lines = append(lines, "    "+line)
			}
		}
	}
	if l.exposed > 0 {
		lines = append(lines, fmt.Sprintf("%s, step %d: %s writes plaintext of an application; so do %d operations",
			l.by(l.shown), l.shown, opText(l.ops[l.shown]), l.exposed))
	}
	return append(lines, r.endLine(l))
}

// maxConsole is how many lines of one boot a story shows.
const maxConsole = 6

// warnings picks the lines of a console that tell of trouble or choice.
func warnings(log []emu.Line) (out []string) {
	for _, l := range log {
		if l.Level == 'E' || l.Level == 'W' || l.Level == 0 && l.Stage == emu.StageROM && strings.Contains(l.Text, "err") ||
			strings.Contains(l.Text, "invalid header") || strings.Contains(l.Text, "factory image") {
			out = append(out, l.String())
		}
	}
	return out[:min(len(out), maxConsole)]
}
