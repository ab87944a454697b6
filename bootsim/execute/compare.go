package execute

import (
	"fmt"
	"strings"

	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/engine"
)

// ends are the ends of boots as messages name them.
var ends = map[emu.End]string{
	emu.EndApp: "starts an application", emu.EndReset: "resets", emu.EndReturned: "returns to the ROM", emu.EndAbort: "aborts",
	emu.EndException: "ends in an exception", emu.EndHang: "hangs", emu.EndROM: "ends in the ROM", emu.EndUnknown: "is not modelled",
}

func sameEnd(a, b emu.Outcome) bool {
	return a.End == b.End && (a.App == nil) == (b.App == nil) && (a.App == nil || a.App.Offset == b.App.Offset)
}

// noOpinion tells why the model does not say how a boot ends; empty where it does.
func noOpinion(model emu.Outcome) string {
	if model.End == emu.EndUnknown {
		return model.NotModelled
	}
	return model.Guess.Why
}

// certain is the part of a model's log that is no guess.
func certain(model emu.Outcome) []emu.Line {
	if model.Guess.Why != "" {
		return model.Log[:model.Guess.Lines]
	}
	return model.Log
}

// Compare tells how an executed boot differs from the model's: in what it
// started, in the eFuses and the flash it left, and in the first line of the
// log that is another one. Where the model has no opinion on the end, the lines
// that it has must be those that the binary begins with.
func Compare(model, exec emu.Outcome, modelled, executed *emu.Device) []string {
	if noOpinion(model) != "" {
		m, e := shown(certain(model)), shown(exec.Log)
		return compareLines(m, e[:min(len(m), len(e))])
	}
	var out []string
	if !sameEnd(model, exec) {
		out = append(out, fmt.Sprintf("the binary %s, the model %s", end(exec), end(model)))
	}
	if !modelled.Efuses.Equal(executed.Efuses) {
		out = append(out, "the eFuses are others after the boot")
	}
	for _, at := range executed.Flash.ChangedSectors(modelled.Flash) {
		out = append(out, fmt.Sprintf("the flash differs in the sector at 0x%08x after the boot", at))
		break
	}
	return append(out, compareLogs(model.Log, exec.Log)...)
}

func end(o emu.Outcome) string {
	s := ends[o.End]
	if o.App != nil {
		s = fmt.Sprintf("starts the application at 0x%08x", o.App.Offset)
	}
	if o.NotModelled != "" {
		s += " (" + o.NotModelled + ")"
	}
	return s
}

func compareLogs(model, exec []emu.Line) []string {
	return compareLines(shown(model), shown(exec))
}

func compareLines(model, exec []string) []string {
	for i := range max(len(model), len(exec)) {
		if i < len(model) && i < len(exec) && alike(model[i], exec[i]) {
			continue
		}
		m, e := "nothing more", "nothing more"
		if i < len(model) {
			m = fmt.Sprintf("%q", model[i])
		}
		if i < len(exec) {
			e = fmt.Sprintf("%q", exec[i])
		}
		return []string{fmt.Sprintf("line %d of the log: the binary prints %s, the model %s", i+1, e, m)}
	}
	return nil
}

// shown is a log as it stands on the console: what is printed from flash, such as
// a label, may break lines and change colours.
func shown(log []emu.Line) []string {
	var b strings.Builder
	for _, l := range log {
		b.WriteString(l.String())
		b.WriteByte('\n')
	}
	var out []string
	for _, l := range engine.Lines(b.String()) {
		out = append(out, l.String())
	}
	return out
}

// unknownPlace is what the model prints for file and line of an assertion,
// which it does not know of every build.
const unknownPlace = ", * ("

// alike tells whether two lines are the same, as far as the model knows.
func alike(model, exec string) bool {
	before, after, masked := strings.Cut(model, unknownPlace)
	if !masked {
		return model == exec
	}
	return strings.HasPrefix(exec, before+", ") && strings.HasSuffix(exec, " ("+after) && len(exec) >= len(model)
}
