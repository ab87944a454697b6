package sweep

import (
	"github.com/bootsim/bootsim/emu/fault"
	"github.com/bootsim/bootsim/flashmodel"
)

// maxArmed is how many operations of a run are made to fail by each kind of
// fault after which the program runs on: every such fault asks for a run.
const maxArmed = 64

// armedFaults lets the faults strike after which the program runs on.
func (w *walk) armedFaults() {
	if w.opt.Faults.Has(fault.Read) {
		for i := range w.life.reads {
			w.arm(Step{Kind: fault.Read, Site: uint32(i)})
		}
	}
	for _, k := range []fault.Kind{fault.NoErase, fault.Refused} {
		if !w.opt.Faults.Has(k) {
			continue
		}
		var sites []int
		for j, op := range w.life.ops {
			if fault.Ways(k, op) > 0 && (k == fault.NoErase || w.byApplication(j)) {
				sites = append(sites, j)
			}
		}
		for _, j := range w.spread(sites) {
			w.arm(Step{Kind: k, Site: uint32(j)})
		}
	}
}

// byApplication tells whether an application does an operation, which learns of
// errors; a bootloader's handling of them is not modelled.
func (w *walk) byApplication(j int) bool {
	for i := len(w.life.boots) - 1; i >= 0; i-- {
		if b := &w.life.boots[i]; j >= b.firstOp {
			return j >= b.appOp
		}
	}
	return false
}

// spread picks places evenly from many, the first and the last among them.
func (w *walk) spread(sites []int) []int {
	if len(sites) <= maxArmed {
		return sites
	}
	w.sum.sampled += len(sites) - maxArmed
	out := make([]int, maxArmed)
	for i := range out {
		out[i] = sites[i*(len(sites)-1)/(maxArmed-1)]
	}
	return out
}

// arm runs once more with a fault that strikes on the way.
func (w *walk) arm(st Step) {
	if w.lives >= w.opt.runs() {
		w.sum.skipped++
		return
	}
	armed := append(append([]Step(nil), w.armed...), st)
	child := w.summarise(w.run(w.life.start, armed, w.depth > 0), armed, w.depth)
	w.mergeAt(child, st, &flashmodel.Sectors{})
}
