package sweep

import (
	"github.com/bootsim/bootsim/flashmodel"
)

// summary is what was found from one state on, with a number of faults left.
type summary struct {
	deps    flashmodel.Sectors // what must be equal for all of this to be equal
	states  int                // histories from here on, this one included
	fired   [16]int            // faults by kind
	found   [invariants]History
	broken  breach // invariants that found has a history for
	boots   int    // most boots that a run took
	skipped int    // histories left out because the budget was used up
	sampled int    // places left out because they were many of a kind
	unknown int    // runs that ended in what is not modelled
	print   uint64 // of all outcomes, history by history
}

// explorer goes through all histories of a scenario.
type explorer struct {
	runner
	opt     Options
	memo    map[memoKey][]memoEntry
	hits    int
	dangers *dangers // to be filled by the next run
	plain   bool     // never reuse anything: to check that reuse changes nothing
}

type memoKey struct {
	key   key
	depth int
}

type memoEntry struct {
	flash *flashmodel.Flash
	sum   *summary
}

// explore returns what follows from a state with up to depth faults. A state
// that differs from one seen before in nothing that mattered there follows the
// same course. Nil when the budget is used up.
func (x *explorer) explore(s state, depth int) *summary {
	k := memoKey{keyOf(s.dev, s.rtc, s.ghost), depth}
	if x.reuses(&s) {
		entries := x.memo[k]
		for i := len(entries) - 1; i >= 0; i-- {
			if e := &entries[i]; e.flash.AgreesOn(s.dev.Flash, &e.sum.deps) {
				x.hits++
				return e.sum
			}
		}
	}
	if x.lives >= x.opt.runs() {
		return nil
	}
	sum := x.summarise(x.run(s, nil, depth > 0), nil, depth)
	if x.reuses(&s) {
		x.memo[k] = append(x.memo[k], memoEntry{s.dev.Flash.Fork(), sum})
	}
	return sum
}

// reuses tells whether what follows from a state may be known already. Stuck
// bits are not among what is compared.
func (x *explorer) reuses(s *state) bool { return len(s.stuck) == 0 && !x.plain }

// summarise judges a run and goes through the faults that may strike it.
func (x *explorer) summarise(l *life, armed []Step, depth int) *summary {
	sum := &summary{deps: l.trace.Read, states: 1, boots: l.used(), print: l.fingerprint()}
	if l.end == endUnknown {
		sum.unknown = 1
	}
	b := x.sc.judge(l, x.opt.bound())
	for i := range invariants {
		if b.has(i) && x.sc.applies(i) {
			sum.broken.add(i)
		}
	}
	if depth > 0 {
		w := &walk{explorer: x, life: l, armed: armed, depth: depth - 1, sum: sum, own: sum.broken, prefix: l.start.dev.Fork()}
		w.dangers, x.dangers = x.dangers, nil // only the first run's are asked for
		w.operations()
		w.atRest()
		w.armedFaults()
	}
	l.ops = nil // of no use any more, and large
	return sum
}
