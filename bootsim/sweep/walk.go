package sweep

import (
	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/fault"
	"github.com/bootsim/bootsim/flashmodel"
)

// walk goes through one run, operation by operation.
type walk struct {
	*explorer
	life    *life
	armed   []Step
	depth   int // faults left after the one that strikes here
	sum     *summary
	prefix  *emu.Device // with the first done operations carried out, see upTo
	done    int
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
	return w.explore(w.life.after(w.upTo(op.Seq), st, w.opt.Seed), w.depth)
}

// upTo is the device with the first n operations carried out. They are made up
// for when somebody asks: between most of them nobody does, and many at once
// cost less.
func (w *walk) upTo(n int) *emu.Device {
	if len(w.armed) > 0 || len(w.life.start.stuck) > 0 {
		for _, op := range w.life.ops[w.done:n] {
			w.life.advance(w.prefix, op, w.armed)
		}
	} else {
		applyAll(w.prefix, w.life.ops[w.done:n])
	}
	w.done = n
	return w.prefix
}

// cutAt is what follows a power cut before an operation. It stays what it is
// while operations touch nothing that matters then.
func (w *walk) cutAt(j int) *summary {
	if w.cut == nil {
		w.cut = w.explore(w.life.after(w.upTo(j), Step{Kind: fault.Cut, Site: uint32(j)}, w.opt.Seed), w.depth)
	} else {
		w.hits++
	}
	return w.cut
}

func (w *walk) warmAt(st Step) *summary {
	if w.warm[st.Way] == nil {
		w.warm[st.Way] = w.explore(w.life.after(w.upTo(int(st.Site)), st, w.opt.Seed), w.depth)
	} else {
		w.hits++
	}
	return w.warm[st.Way]
}

// pass leaves the operation behind and forgets what it made untrue.
func (w *walk) pass(j int) {
	op := w.life.ops[j]
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
	if onTheWay := erased == &w.erased; child != w.merged || !onTheWay {
		sum.deps.AddAll(&child.deps, erased)
		if onTheWay {
			w.merged = child // later operations only erase more
		}
	}
	for i := range invariants {
		if child.broken.has(i) && (!sum.broken.has(i) || sum.found[i].weight() > st.weight()+child.found[i].weight()) {
			sum.broken.add(i)
			sum.found[i] = append(History{st}, child.found[i]...)
		}
	}
}
