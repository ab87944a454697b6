package sweep

import "fmt"

// Result is what a sweep found. Its JSON form is the machine-readable report.
type Result struct {
	Updater   string    `json:"updater"`
	Spec      string    `json:"spec,omitempty"` // how the updater was asked for
	Encrypted bool      `json:"encrypted"`
	Faults    string    `json:"faults"` // the alphabet
	Seed      uint64    `json:"seed"`
	Inputs    string    `json:"inputs"` // hash of device, release and goal
	Bound     int       `json:"bound"`  // boots that recovery may take
	Cap       int       `json:"cap"`    // runs that the sweep may take
	Clean     []string  `json:"clean"`  // the update without a fault, a line for each boot
	Ops       int       `json:"operations"`
	Levels    []Level   `json:"levels"`
	Verdicts  []Verdict `json:"verdicts"`
	Windows   []Window  `json:"windows"`                // where one fault breaks something
	Unknown   string    `json:"not_modelled,omitempty"` // the first thing met that no model exists of

	dangers *dangers
	picture *Picture
}

// Level is what was done for one number of faults.
type Level struct {
	Depth     int     `json:"faults"`          // most faults in a history
	States    int     `json:"states"`          // one for every history of faults, the empty one included
	Runs      int     `json:"runs"`            // of the device from power on to rest; the other states follow the same courses
	Boots     int     `json:"boots"`           // carried out so far
	MostBoots int     `json:"most_boots"`      // that a run took
	Fired     []Fired `json:"fired"`           // faults that struck
	Skipped   int     `json:"not_explored"`    // histories cut off by the cap
	Sampled   int     `json:"sampled_places"`  // places left out where only some of many were tried
	Unknown   int     `json:"unmodelled_runs"` // runs that ended in what is not modelled
	Print     string  `json:"fingerprint"`     // of the outcomes of all histories
}

// Fired counts the faults of one kind.
type Fired struct {
	Kind  string `json:"kind"`
	Count int    `json:"count"`
}

// Answer is what a sweep says of an invariant.
type Answer string

// The answers.
const (
	Proven        Answer = "proven"         // over every history that the alphabet and the depth allow
	Violated      Answer = "violated"       // see the counterexample
	Incomplete    Answer = "incomplete"     // no counterexample, but not everything was explored or modelled
	NotApplicable Answer = "not-applicable" // means nothing for this update
)

// Verdict is the answer for one invariant.
type Verdict struct {
	Invariant string   `json:"invariant"`
	Title     string   `json:"title"`
	Answer    Answer   `json:"answer"`
	States    int      `json:"states"` // that it was checked in
	Counter   *Counter `json:"counterexample,omitempty"`
}

// Counter is a shortest counterexample.
type Counter struct {
	Faults int      `json:"faults"`
	Token  string   `json:"token"`
	Story  []string `json:"story"`
	Steps  []Event  `json:"steps"`

	// History is what the token names, for Tell.
	History History `json:"-"`
}

// Event is a fault of a counterexample, as data.
type Event struct {
	Kind      string `json:"kind"`
	Site      uint32 `json:"site"`
	Operation string `json:"operation,omitempty"`
	Address   uint32 `json:"address"`
	Partition string `json:"partition,omitempty"`
	By        string `json:"by,omitempty"` // who was at it
	How       string `json:"how,omitempty"`
}

// Failed tells whether an invariant is violated.
func (r *Result) Failed() bool {
	for _, v := range r.Verdicts {
		if v.Answer == Violated {
			return true
		}
	}
	return false
}

// Complete tells whether everything was explored that alphabet and depth allow.
func (r *Result) Complete() bool {
	for _, l := range r.Levels {
		if l.Skipped > 0 || l.Unknown > 0 {
			return false
		}
	}
	return true
}

// Verdict returns the verdict on an invariant.
func (r *Result) Verdict(i Invariant) Verdict { return r.Verdicts[i] }

// take puts one more depth into the verdicts. An answer once violated keeps its
// counterexample, which is shorter.
func (r *Result) take(x *explorer, sum *summary) {
	if r.Verdicts == nil {
		r.Verdicts = make([]Verdict, invariants)
	}
	for i := range invariants {
		v := &r.Verdicts[i]
		v.Invariant, v.Title = i.String(), i.Title()
		switch {
		case !x.sc.applies(i):
			v.Answer = NotApplicable
			continue
		case v.Answer == Violated:
		case sum.broken.has(i):
			v.Answer, v.Counter = Violated, x.counter(sum.found[i], i)
		case sum.skipped > 0 || sum.unknown > 0:
			v.Answer = Incomplete
		default:
			v.Answer = Proven
		}
		v.States = sum.states
	}
}

// finish describes the run without faults, and refuses a sweep in
// which none struck.
func (r *Result) finish(x *explorer) error {
	if x.opt.Brief {
		r.Unknown = x.unknown
		if !r.struck() {
			return ErrNoFault
		}
		return nil
	}
	l := x.run(x.begin(), nil, true)
	r.Ops, r.Unknown = len(l.ops), x.unknown
	for i := range l.boots {
		r.Clean = append(r.Clean, fmt.Sprintf("boot %d: %s", i+1, x.bootLine(&l.boots[i])))
	}
	r.Clean = append(r.Clean, x.endLine(l))
	r.chart(x, l)
	if !r.struck() {
		return fmt.Errorf("%w (%s)", ErrNoFault, x.endLine(l))
	}
	return nil
}

// struck tells whether any fault did.
func (r *Result) struck() bool {
	for _, level := range r.Levels {
		for _, f := range level.Fired {
			if f.Count > 0 {
				return true
			}
		}
	}
	return false
}
