package provision

import (
	"fmt"
	"path/filepath"
	"slices"

	"github.com/spf13/afero"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/bootsim/check"
	"github.com/bootsim/bootsim/bootsim/provision/script"
	"github.com/bootsim/bootsim/bootsim/rules"
)

// Options steer a run or a check.
type Options struct {
	Engine check.Engine
	Tool   string // name and version, for the report
}

// Tally counts what a check tried.
type Tally struct {
	Cuts   int // power cuts between steps
	Inside int // power cuts inside steps
	Orders int // other orders of the steps
	// Of the orders: ended as the plan does; did not, and can be brought there;
	// cannot.
	Harmless, Recoverable, Lost int
	// Left counts the power cuts and orders that were not tried, because a plan
	// of so many steps takes too long.
	Left int
	// Skipped tells that power cuts and orders were not tried, and why.
	Skipped string
}

// String is one line for people.
func (t Tally) String() string {
	if t.Skipped != "" {
		return "power cuts and other orders were not tried: " + t.Skipped
	}
	text := fmt.Sprintf("tried %d power cuts between steps and %d inside them; of %d other orders %d end as the plan does, %d are noticed and can be mended, %d lose the device",
		t.Cuts, t.Inside, t.Orders, t.Harmless, t.Recoverable, t.Lost)
	if t.Left > 0 {
		text += fmt.Sprintf("; %d more cuts and orders were not tried, the plan is too long for all", t.Left)
	}
	return text
}

// judge is a check under way.
type judge struct {
	*runner
	opt    Options
	trail  []outcome // of the steps in their order, up to one that failed
	report bootsim.LotReport
	tally  Tally
	goal   goal
	same   map[digest]bool // devices that hold what the plan wrote
	spent  int             // steps that were run or remembered
}

// Check judges a plan: what the device boots after the last step, what its
// eFuses leave open, what a power cut loses, and what other orders of the steps
// come to. The error tells that the plan's device cannot be put together.
func Check(fs afero.Fs, plan *Plan, opt Options) (*bootsim.Report, Tally, error) {
	r, err := newRunner(fs, plan, opt.Engine)
	if err != nil {
		return nil, Tally{}, err
	}
	j := &judge{runner: r, opt: opt, same: map[digest]bool{}, report: bootsim.LotReport{Name: plan.Name, Source: plan.Source,
		Verdict: bootsim.Pass, Scenarios: []bootsim.Scenario{}, Findings: []bootsim.Finding{}}}
	j.unmodelled()
	j.walk()
	j.end()
	j.cutsAndOrders()
	return j.finish(), j.tally, nil
}

// finish puts the findings in order, errors first, and the report together.
func (j *judge) finish() *bootsim.Report {
	j.maskReport()
	rank := func(s bootsim.Severity) int {
		return slices.Index([]bootsim.Severity{bootsim.Error, bootsim.Warning, bootsim.Note}, s)
	}
	slices.SortStableFunc(j.report.Findings, func(a, b bootsim.Finding) int { return rank(a.Severity) - rank(b.Severity) })
	switch {
	case len(j.plan.Unmodelled) > 0:
		j.report.Verdict = bootsim.NotModelled
	case j.refuted():
		j.report.Verdict = bootsim.Fail
	}
	return &bootsim.Report{Schema: check.SchemaID, Tool: j.opt.Tool, Verdict: j.report.Verdict,
		Lots: []bootsim.LotReport{j.report}, Findings: j.report.Findings}
}

// refuted tells whether an error was found.
func (j *judge) refuted() bool {
	return slices.ContainsFunc(j.report.Findings, func(f bootsim.Finding) bool { return f.Severity == bootsim.Error })
}

// add records a finding of a rule and returns it to be completed.
func (j *judge) add(rule, format string, args ...any) *bootsim.Finding {
	r, ok := rules.Lookup(rule)
	if !ok {
		panic("bug: no rule " + rule)
	}
	f := bootsim.Finding{Rule: rule, Severity: r.Severity, Remedy: r.Remedy, Message: fmt.Sprintf(format, args...), Lot: j.plan.Name}
	if len(j.plan.Unmodelled) > 0 && rule != "plan-not-modelled" {
		f.DependsOn = unfollowed
	}
	j.report.Findings = append(j.report.Findings, f)
	return &j.report.Findings[len(j.report.Findings)-1]
}

// unfollowed is what findings depend on when lines of the plan were left out.
const unfollowed = "that the lines which are not modelled change nothing"

// scenario records what was tried and how it ended.
func (j *judge) scenario(s bootsim.Scenario) {
	if s.Log == nil {
		s.Log = []string{}
	}
	if len(j.plan.Unmodelled) > 0 {
		s.Verdict = bootsim.NotModelled
	}
	j.report.Scenarios = append(j.report.Scenarios, s)
	switch {
	case s.Verdict == bootsim.Fail:
		j.report.Verdict = bootsim.Fail
	case s.Verdict == bootsim.NotModelled && j.report.Verdict == bootsim.Pass:
		j.report.Verdict = bootsim.NotModelled
	}
}

// unmodelled reports the lines that cannot be followed.
func (j *judge) unmodelled() {
	for _, u := range j.plan.Unmodelled {
		name := fmt.Sprintf("line %d", u.Line)
		f := j.add("plan-not-modelled", "line %d: %s: %s", u.Line, u.Text, u.Why)
		f.Scenario, f.File = name, j.plan.Source
		j.scenario(bootsim.Scenario{Name: name, Verdict: bootsim.NotModelled, Expect: "a step that can be followed"})
	}
}

// walk carries out the steps in their order, up to one that fails.
func (j *judge) walk() {
	s := j.first
	for i := range j.plan.Steps {
		out := j.step(s, i)
		j.trail = append(j.trail, out)
		j.substituted(i, out)
		if out.failed && !j.plan.Steps[i].MayFail {
			j.stepFails(i, out)
			return
		}
		s = out.state
	}
}

func (j *judge) stepFails(i int, out outcome) {
	st := &j.plan.Steps[i]
	name := st.At() + ": " + st.String()
	f := (*bootsim.Finding)(nil)
	if len(out.missing) > 0 {
		f = j.add("plan-file-missing", "%s reads %s, which %s%s: %s", st.At(), out.missing[0], out.absence, j.wroteNothing(i, out), st.Text)
		f.File = out.missing[0]
	} else {
		f = j.add("plan-step-fails", "%s is refused: %s", st.At(), out.message)
		f.File = j.plan.Source
	}
	f.Scenario = name
	f.Evidence = append(f.Evidence, "step: "+st.Text, st.Tool+": "+out.message)
	j.scenario(bootsim.Scenario{Name: name, Verdict: bootsim.Fail, Expect: "the step succeeds"})
	j.tally.Skipped = "the plan ends at " + st.At()
}

// wroteNothing names the step before that was to make the file which is missing
// and made none, because what it read was empty.
func (j *judge) wroteNothing(i int, out outcome) string {
	if out.absence != notThere {
		return ""
	}
	name := script.Join(j.plan.Steps[i].Dir, filepath.ToSlash(out.missing[0]))
	for k := i - 1; k >= 0; k-- {
		st := &j.plan.Steps[k]
		made := option(st.Args, "--output", "-o")
		if made == "" || script.Join(st.Dir, filepath.ToSlash(made)) != name {
			continue
		}
		if _, exists := j.trail[k].state.files[name]; exists {
			return "" // a later step removed it
		}
		return fmt.Sprintf(", because %s wrote nothing (is what it reads empty?)", st.At())
	}
	return ""
}

// last is the state after the steps that were carried out.
func (j *judge) last() *state {
	if len(j.trail) == 0 {
		return j.first
	}
	return j.trail[len(j.trail)-1].state
}

// complete tells whether every step was carried out.
func (j *judge) complete() bool { return j.tally.Skipped == "" }
