package report

import (
	"fmt"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/bootsim/rules"
	"github.com/bootsim/bootsim/bootsim/sweep"
)

// Rules describes the invariants as the rules of a check are described.
func Rules() []rules.Rule {
	var out []rules.Rule
	for i := range sweep.Count {
		inv := sweep.Invariant(i)
		out = append(out, rules.Rule{ID: "sweep-" + inv.String(), Severity: bootsim.Error,
			Title:  "Under faults it does not hold that " + inv.Title(),
			Cause:  "A fault during the update leads to a history in which this does not hold; the counterexample is the shortest one.",
			Prints: "What the counterexample shows.",
			Remedy: "Replay the counterexample with `bootsim replay`, and change the order of writes or the way of updating so that no fault leads there."})
	}
	return out
}

// AsCheck turns the report into one of a check, a scenario for each invariant
// and a finding for each that is violated, so that every writer of reports can
// write it.
func (r *Report) AsCheck() *bootsim.Report {
	out := &bootsim.Report{Tool: r.Tool, Verdict: r.Verdict, Lots: []bootsim.LotReport{}, Findings: []bootsim.Finding{}}
	for i := range r.Cases {
		l := r.Cases[i].asLot()
		out.Lots = append(out.Lots, l)
		out.Findings = append(out.Findings, l.Findings...)
	}
	return out
}

func (c *Case) asLot() bootsim.LotReport {
	l := bootsim.LotReport{Name: c.Lot, Verdict: bootsim.Pass, Assumed: c.Assumed, Scenarios: []bootsim.Scenario{}, Findings: []bootsim.Finding{}}
	for i := range c.Result.Verdicts {
		v := &c.Result.Verdicts[i]
		if v.Answer == sweep.NotApplicable {
			continue
		}
		s := bootsim.Scenario{Name: c.title() + ": " + v.Invariant, Release: c.Release, Expect: v.Title, Log: []string{}, Verdict: bootsim.Pass}
		switch v.Answer {
		case sweep.Violated:
			s.Verdict, s.Log = bootsim.Fail, v.Counter.Story
			l.Findings = append(l.Findings, c.finding(v, s.Name))
		case sweep.Incomplete:
			s.Verdict = bootsim.NotModelled
		}
		l.Scenarios = append(l.Scenarios, s)
	}
	switch {
	case c.Result.Failed():
		l.Verdict = bootsim.Fail
	case !c.Result.Complete():
		l.Verdict = bootsim.NotModelled
	}
	return l
}

func (c *Case) finding(v *sweep.Verdict, scenario string) bootsim.Finding {
	f := bootsim.Finding{Rule: "sweep-" + v.Invariant, Severity: bootsim.Error, Lot: c.Lot, Release: c.Release, Scenario: scenario,
		Message:  fmt.Sprintf("It does not hold that %s: %d faults suffice.", v.Title, v.Counter.Faults),
		Remedy:   "Replay it with: bootsim replay '" + v.Counter.Token + "', then change the order of writes or the way of updating.",
		Evidence: v.Counter.Story, DependsOn: c.DependsOn}
	if n := len(v.Counter.Steps); n > 0 {
		last := v.Counter.Steps[n-1]
		f.Partition = last.Partition
		if last.Partition != "" {
			f.Offset = &last.Address
		}
	}
	return f
}
