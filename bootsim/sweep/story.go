package sweep

import (
	"github.com/bootsim/bootsim/flashmodel"
)

// counter tells a history that breaks an invariant.
func (x *explorer) counter(h History, i Invariant) *Counter {
	if x.opt.Brief {
		return &Counter{Faults: len(h), History: h}
	}
	t := Token{Inputs: x.sc.Inputs(), Seed: x.opt.Seed, Bound: x.opt.Bound, Updater: x.opt.Spec, History: h}
	told, err := x.tell(h, x.opt.Seed, x.opt.bound())
	if err != nil {
		// The history was made by this very explorer.
		panic("bug: a counterexample does not replay: " + err.Error())
	}
	return &Counter{Faults: len(h), Token: t.String(), Story: told.Story, Steps: told.Steps, History: h}
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
	return TellWithin(sc, h, seed, 0)
}

// TellWithin is Tell with another bound on the boots that recovery may take
// than DefaultBound.
func TellWithin(sc *Scenario, h History, seed uint64, bound int) (*Told, error) {
	r := newRunner(sc)
	return r.tell(h, seed, (&Options{Bound: bound}).bound())
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
func (r *runner) tell(h History, seed uint64, bound int) (*Told, error) {
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
	b := r.sc.judge(last, bound)
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
