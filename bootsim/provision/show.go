package provision

import (
	"fmt"
	"io"

	"github.com/spf13/afero"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/bootsim/check"
	"github.com/bootsim/bootsim/bootsim/diagnose"
)

// Run carries out a plan and writes the device after each step: the eFuses that
// changed, the regions of flash that were written, and what a reset at this
// point would do. It returns false when a step fails or a line cannot be
// followed; the steps after one that fails are not carried out. The error tells
// that the plan's device cannot be put together.
func Run(w io.Writer, fs afero.Fs, plan *Plan, opt Options) (bool, error) {
	r, err := newRunner(fs, plan, opt.Engine)
	if err != nil {
		return false, err
	}
	p := &printer{w: w, runner: r}
	for _, a := range r.assumed {
		p.line("assumed: %s", a)
	}
	p.remarks()
	return p.steps() && len(plan.Unmodelled) == 0, nil
}

// printer writes the course of a plan.
type printer struct {
	*runner
	w io.Writer
}

// line writes a line without keys; a reader that went away is no error.
func (p *printer) line(format string, args ...any) {
	_, _ = fmt.Fprintln(p.w, masked(fmt.Sprintf(format, args...)))
}

// remarks tells which lines are no steps. Of a page of prose it counts them.
func (p *printer) remarks() {
	prose := 0
	for _, r := range p.plan.Passed {
		if r.Why == "no command" {
			prose++
			continue
		}
		p.line("passed over: line %d: %s (%s)", r.Line, r.Text, r.Why)
	}
	for _, r := range p.plan.Unmodelled {
		p.line("not modelled: line %d: %s (%s)", r.Line, r.Text, r.Why)
	}
	if prose > 0 {
		p.line("passed over: %d lines that are no commands (--passed lists them)", prose)
	}
}

func (p *printer) steps() bool {
	s := p.first
	p.line("before step 1\n  reset now: %s", p.resetText(s))
	for i := range p.plan.Steps {
		st := &p.plan.Steps[i]
		out := p.step(s, i)
		p.line("%s: %s", st.At(), st.String())
		if out.failed {
			p.line("  FAILS: %s", out.failure())
			if !st.MayFail {
				return false
			}
		}
		p.did(st, s, out)
		s = out.state
	}
	return true
}

// failure tells why a step fails.
func (o *outcome) failure() string {
	if len(o.missing) > 0 {
		return o.missing[0] + " " + o.absence
	}
	return o.message
}

// did writes what a step changed.
func (p *printer) did(st *Step, before *state, out outcome) {
	for _, n := range append(noteOf(st), out.notes...) {
		p.line("  note: %s", n)
	}
	if out.instead != "" {
		p.line("  note: %s is not there: taken for the same key as %s", burnsKey(st), out.instead)
	}
	burnt := fuseChanges(before.device.Efuses, out.state.device.Efuses)
	for _, t := range burnt {
		p.line("  eFuse: %s", t)
	}
	if len(burnt) == 0 && burnsEfuses(st) {
		p.line("  eFuse: nothing burnt")
	}
	for _, t := range p.flashChanges(before, out) {
		p.line("  flash: %s", t)
	}
	if out.boot != nil {
		p.line("  the step ends with a reset: %s", p.outcomeText(*out.boot))
	}
	if len(out.ops) > 0 || out.boot != nil {
		p.line("  reset now: %s", p.resetText(out.state))
	}
}

// burnsEfuses tells whether a step is there to burn.
func burnsEfuses(st *Step) bool {
	return st.Tool == "espefuse" && verb(st.Args, "burn-efuse", "burn-key", "burn-block-data", "burn-bit", "burn-key-digest",
		"burn-custom-mac", "read-protect-efuse", "write-protect-efuse", "set-flash-voltage") >= 0
}

func noteOf(st *Step) []string {
	if st.Note == "" {
		return nil
	}
	return []string{st.Note}
}

// outcomeText tells how a boot ended, in one line.
func (p *printer) outcomeText(b booted) string {
	if app := b.app(); app != "" {
		return "boots " + app
	}
	if b.unknown != "" {
		return "not modelled: " + b.unknown
	}
	return "boots nothing"
}

// resetText tells what a reset would do, with the cause if it boots nothing.
func (p *printer) resetText(s *state) string {
	b := p.boot(s)
	if b.outcome.App != nil || b.unknown != "" {
		return p.outcomeText(b)
	}
	text := "boots nothing"
	if l := diagnose.Complaint(b.outcome.Log); l != "" {
		text += ": " + l
	}
	r := check.Run([]bootsim.Lot{p.lot(s)}, nil, check.Options{Engine: p.engine})
	if len(r.Findings) > 0 {
		text += fmt.Sprintf(" [%s: %s]", r.Findings[0].Rule, r.Findings[0].Message)
	}
	return text
}
