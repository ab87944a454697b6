package sweep

import (
	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/fault"
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

// walk goes through one run, operation by operation.
type walk struct {
	*explorer
	life    *life
	armed   []Step
	depth   int // faults left after the one that strikes here
	sum     *summary
	prefix  *emu.Device        // with the operations before the present one carried out
	erased  flashmodel.Sectors // by those
	cut     *summary           // of a power cut before the present operation; nil when not known
	warm    [2]*summary        // of a warm reset there
	merged  *summary           // whose dependences are in sum already
	rest    []restPoint
	own     breach   // of the run without the fault
	dangers *dangers // where faults break something; nil for all runs but the first
}

// restPoint is a place in the run at which flash rests: before a boot, or at
// the end.
type restPoint struct {
	boot   int
	dev    *emu.Device
	sum    *summary
	erased flashmodel.Sectors
}

// operations lets every fault strike every operation.
func (w *walk) operations() {
	for j := range w.life.ops {
		w.restBefore(j)
		w.strike(j)
		w.pass(j)
	}
	end := len(w.life.ops)
	w.restBefore(end)
	if w.opt.Faults.Has(fault.Cut) && end > 0 {
		w.merge(w.cutAt(end), Step{Kind: fault.Cut, Site: uint32(end)})
	}
}

// strike lets every fault strike one operation.
func (w *walk) strike(j int) {
	op := w.life.ops[j]
	for _, k := range w.opt.Faults.Kinds() {
		if k > fault.Warm {
			continue
		}
		for way := range fault.Ways(k, op) {
			st := Step{Kind: k, Site: uint32(j), Way: uint32(way)}
			w.merge(w.struckBy(st, op), st)
		}
	}
}

// struckBy returns what follows a fault. A torn operation in sectors that do
// not matter after a cut before it does not matter either.
func (w *walk) struckBy(st Step, op flashmodel.Op) *summary {
	switch {
	case st.Kind == fault.Cut:
		return w.cutAt(int(st.Site))
	case st.Kind == fault.Warm:
		return w.warmAt(st)
	case op.Kind != flashmodel.OpBurn && !w.marked(op.Seq) && !w.plain:
		if cut := w.cutAt(op.Seq); cut != nil && !touches(&cut.deps, op) {
			w.hits++
			return cut
		}
	}
	return w.explore(w.life.after(w.prefix, st, w.opt.Seed), w.depth)
}

// cutAt is what follows a power cut before an operation. It stays what it is
// while operations touch nothing that matters then.
func (w *walk) cutAt(j int) *summary {
	if w.cut == nil {
		w.cut = w.explore(w.life.after(w.prefix, Step{Kind: fault.Cut, Site: uint32(j)}, w.opt.Seed), w.depth)
	} else {
		w.hits++
	}
	return w.cut
}

func (w *walk) warmAt(st Step) *summary {
	if w.warm[st.Way] == nil {
		w.warm[st.Way] = w.explore(w.life.after(w.prefix, st, w.opt.Seed), w.depth)
	} else {
		w.hits++
	}
	return w.warm[st.Way]
}

// pass carries the operation out and forgets what it made untrue.
func (w *walk) pass(j int) {
	op := w.life.ops[j]
	w.life.advance(w.prefix, op, w.armed)
	if _, no := struck(w.armed, op.Seq); !no && op.Kind != flashmodel.OpBurn && op.Kind != flashmodel.OpProgram && len(w.life.start.stuck) == 0 {
		w.erased.Add(op.Addr, op.Size)
	}
	for _, known := range []**summary{&w.cut, &w.warm[0], &w.warm[1]} {
		if *known != nil && (op.Kind == flashmodel.OpBurn || touches(&(*known).deps, op)) {
			*known = nil
		}
	}
	if w.marked(j) || w.marked(j+1) || w.plain {
		w.cut, w.warm = nil, [2]*summary{}
	}
	if w.storedAt(j + 1) {
		w.warm = [2]*summary{}
	}
}

// touches tells whether an operation changes one of some sectors.
func touches(s *flashmodel.Sectors, op flashmodel.Op) bool {
	for at := op.Addr; at < op.Addr+op.Size; at += flashmodel.SectorSize {
		if s.Has(at) {
			return true
		}
	}
	return false
}

// marked tells whether a point is passed before an operation.
func (w *walk) marked(j int) bool {
	for _, m := range w.life.marks {
		if m.op == j {
			return true
		}
	}
	return false
}

// storedAt tells whether RTC memory changes before an operation.
func (w *walk) storedAt(j int) bool {
	for _, m := range w.life.stores {
		if m.op == j {
			return true
		}
	}
	return false
}

// merge adds what follows a fault to what is known of the run.
func (w *walk) merge(child *summary, st Step) {
	w.mergeAt(child, st, &w.erased)
}

func (w *walk) mergeAt(child *summary, st Step, erased *flashmodel.Sectors) {
	if child == nil {
		w.sum.skipped++
		return
	}
	if w.dangers != nil {
		w.dangers.add(w.life, st, child.broken&^w.own)
	}
	sum := w.sum
	sum.states += child.states
	sum.skipped += child.skipped
	sum.sampled += child.sampled
	sum.unknown += child.unknown
	sum.boots = max(sum.boots, child.boots)
	for k, n := range child.fired {
		sum.fired[k] += n
	}
	sum.fired[st.Kind]++
	sum.print += mixed(child.print ^ uint64(st.Kind)<<56 ^ uint64(st.Site)<<24 ^ uint64(st.Way))
	if child != w.merged {
		sum.deps.AddAll(&child.deps, erased)
		w.merged = child
	}
	for i := range invariants {
		if child.broken.has(i) && (!sum.broken.has(i) || sum.found[i].weight() > st.weight()+child.found[i].weight()) {
			sum.broken.add(i)
			sum.found[i] = append(History{st}, child.found[i]...)
		}
	}
}
