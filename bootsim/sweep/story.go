package sweep

import (
	"fmt"
	"strings"

	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/fault"
	"github.com/bootsim/bootsim/flashmodel"
)

// counter tells a history that breaks an invariant.
func (x *explorer) counter(h History, i Invariant) *Counter {
	t := Token{Inputs: x.sc.Inputs(), Seed: x.opt.Seed, Updater: x.opt.Spec, History: h}
	told, err := x.tell(h, x.opt.Seed)
	if err != nil {
		// The history was made by this very explorer.
		panic("bug: a counterexample does not replay: " + err.Error())
	}
	return &Counter{Faults: len(h), Token: t.String(), Story: told.Story, Steps: told.Steps}
}

// Told is a history with what happened.
type Told struct {
	Story    []string
	Steps    []Event
	Console  []string    // of every boot, the last included
	Breaches []Invariant // that the history breaks
}

// Tell replays a history and tells it. The error is a *StepError for one that
// does not fit the scenario.
func Tell(sc *Scenario, h History, seed uint64) (*Told, error) {
	r := newRunner(sc)
	return r.tell(h, seed)
}

// Operations returns what a device does on flash and eFuses after a history,
// from power on to rest, as a journal records it: the places where another
// fault can strike. The error is a *StepError.
func Operations(sc *Scenario, h History, seed uint64) ([]flashmodel.Op, error) {
	r := newRunner(sc)
	lives, err := r.follow(h, seed)
	if err != nil {
		return nil, err
	}
	return lives[len(lives)-1].ops, nil
}

// tell replays and tells.
func (r *runner) tell(h History, seed uint64) (*Told, error) {
	lives, err := r.follow(h, seed)
	if err != nil {
		return nil, err
	}
	t := &Told{Steps: []Event{}}
	for i, st := range h {
		l := lives[i]
		ev := r.event(l, st, seed)
		t.Steps = append(t.Steps, ev)
		t.Story = append(t.Story, r.until(l, st, i > 0)...)
		t.Story = append(t.Story, ev.line())
		t.Story = append(t.Story, r.holds(lives[i+1].start.dev, ev)...)
	}
	last := lives[len(lives)-1]
	b := r.sc.judge(last, DefaultBound)
	for i := range invariants {
		if b.has(i) && r.sc.applies(i) {
			t.Breaches = append(t.Breaches, i)
		}
	}
	t.Story = append(t.Story, r.course(last)...)
	for i := range last.boots {
		for _, line := range last.boots[i].outcome.Log {
			t.Console = append(t.Console, line.String())
		}
	}
	return t, nil
}

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

// line is the event as a line of the story.
func (e Event) line() string {
	what := e.Operation
	if e.Partition != "" {
		what += " (" + e.Partition + ")"
	}
	s := fmt.Sprintf("%s, step %d: %s", e.By, e.Site, what)
	if e.How != "" {
		s += ": " + e.How
	}
	return s
}

// event tells where a fault strikes.
func (r *runner) event(l *life, st Step, seed uint64) Event {
	e := Event{Kind: st.Kind.String(), Site: st.Site, By: l.by(l.opAt(st))}
	switch {
	case st.Kind.AtRest():
		e.By, e.Address = fmt.Sprintf("before boot %d", st.Site+1), st.Way/8
		e.Operation = fmt.Sprintf("bit %d of 0x%08x changes", st.Way%8, st.Way/8)
		if st.Kind == fault.Flip2 {
			e.How = fmt.Sprintf("and bit %d of 0x%08x", st.Second%8, st.Second/8)
		}
		if st.Kind == fault.Stuck {
			e.How = "and stays so"
		}
	case st.Kind == fault.Read:
		e.By, e.Operation = "an application", fmt.Sprintf("read %d fails", st.Site)
		return e
	case int(st.Site) == len(l.ops):
		e.By, e.Operation, e.How = "at the end", "everything was done", "the power is lost"
		return e
	default:
		op := l.ops[st.Site]
		e.Operation, e.Address = opText(op), op.Addr
		e.How = how(st, op, seed)
	}
	e.Partition = r.partition(e.Address, l.opOf(st))
	return e
}

// opOf returns the operation that a fault strikes, if it strikes one.
func (l *life) opOf(st Step) *flashmodel.Op {
	if st.Kind.AtRest() || int(st.Site) >= len(l.ops) {
		return nil
	}
	return &l.ops[st.Site]
}

func how(st Step, op flashmodel.Op, seed uint64) string {
	text := fault.Describe(st.Kind, int(st.Way), op, seed)
	switch st.Kind {
	case fault.Warm:
		return fmt.Sprintf("the chip is reset %s (rst:0x%x)", text, uint8(fault.Reset(int(st.Way))))
	case fault.NoErase:
		return "does nothing and reports success"
	case fault.Refused:
		return "is refused"
	}
	return "the power is lost " + text
}

func opText(op flashmodel.Op) string {
	switch op.Kind {
	case flashmodel.OpBurn:
		return fmt.Sprintf("burn eFuse BLOCK%d", op.Addr)
	case flashmodel.OpProgram:
		return fmt.Sprintf("program 0x%08x, %d bytes", op.Addr, op.Size)
	}
	return fmt.Sprintf("%s at 0x%08x", op.Kind, op.Addr)
}

// by tells who is at work at an operation.
func (l *life) by(at int) string {
	for i := len(l.boots) - 1; i >= 0; i-- {
		b := &l.boots[i]
		switch {
		case at < b.firstOp:
			continue
		case at < b.appOp || b.outcome.App == nil:
			return fmt.Sprintf("boot %d, bootloader", i+1)
		}
		return fmt.Sprintf("boot %d, app in %s", i+1, b.outcome.App.Label)
	}
	return "boot 1"
}

// partition names what lies at an address.
func (r *runner) partition(at uint32, op *flashmodel.Op) string {
	if op != nil && op.Kind == flashmodel.OpBurn {
		return ""
	}
	for _, p := range r.sc.regions() {
		if at >= p.Offset && uint64(at) < p.End() {
			return p.Name()
		}
	}
	return ""
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
