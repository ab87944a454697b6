package sweep

import (
	"github.com/bootsim/bootsim/emu/fault"
	"github.com/bootsim/bootsim/flashmodel"
	"github.com/bootsim/bootsim/flashmodel/otadata"
	"github.com/bootsim/bootsim/flashmodel/parttable"
)

// Samples of bits of flash at rest.
const (
	bitsPerPart  = 8  // of every partition that matters
	pairsPerRest = 64 // of bits of otadata
)

// restBefore remembers the flash where it rests before a boot, or at the end.
func (w *walk) restBefore(j int) {
	if !w.flips() {
		return
	}
	boot := -1
	for i := range w.life.boots {
		if w.life.boots[i].firstOp == j {
			boot = i
			break
		}
	}
	if j == len(w.life.ops) && boot < 0 {
		boot = len(w.life.boots)
	}
	if boot < 0 {
		return
	}
	if cut := w.cutAt(j); cut != nil {
		w.sum.deps.AddAll(&cut.deps, &w.erased) // which bits are drawn follows from them
		w.rest = append(w.rest, restPoint{boot, w.upTo(j).Fork(), cut, w.erased})
	}
}

func (w *walk) flips() bool {
	return w.opt.Faults&fault.Of(fault.Flip, fault.Flip2, fault.Stuck) != 0
}

// atRest lets bits change at every rest. What no run reads is left out: there a
// bit makes no difference.
func (w *walk) atRest() {
	for i := range w.rest {
		p := &w.rest[i]
		entries := w.entryBits(p)
		for _, k := range []fault.Kind{fault.Flip, fault.Stuck} {
			if w.opt.Faults.Has(k) {
				for _, bit := range append(entries, w.otherBits(p)...) {
					w.spoil(p, Step{Kind: k, Site: uint32(p.boot), Way: bit})
				}
			}
		}
		if w.opt.Faults.Has(fault.Flip2) && len(entries) > 1 {
			r := fault.NewSequence(w.opt.Seed ^ uint64(p.boot))
			for range pairsPerRest {
				a, b := entries[r.Below(len(entries))], entries[r.Below(len(entries))]
				if a != b {
					w.spoil(p, Step{Kind: fault.Flip2, Site: uint32(p.boot), Way: a, Second: b})
				}
			}
		}
	}
}

func (w *walk) spoil(p *restPoint, st Step) {
	w.mergeAt(w.explore(w.life.after(p.dev, st, w.opt.Seed), w.depth), st, &p.erased)
}

// entryBits lists the bits of otadata that mean something: numbers, states and
// checksums of both entries.
func (w *walk) entryBits(p *restPoint) (bits []uint32) {
	for _, part := range w.sc.Parts {
		if !part.Is(parttable.TypeData, parttable.SubtypeOTAData) || part.End() > uint64(p.dev.Flash.Size()) || part.Size < otadata.Size {
			continue
		}
		for entry := range uint32(2) {
			at := part.Offset + entry*otadata.SectorSize
			for _, field := range []uint32{0, 24, 28} { // ota_seq, ota_state, crc
				for bit := range uint32(32) {
					bits = append(bits, 8*(at+field)+bit)
				}
			}
		}
	}
	return bits
}

// otherBits draws bits of everything else that is read.
func (w *walk) otherBits(p *restPoint) (bits []uint32) {
	r := fault.NewSequence(w.opt.Seed + 1)
	for _, part := range w.regions() {
		if part.Is(parttable.TypeData, parttable.SubtypeOTAData) {
			continue
		}
		var sectors []uint32
		for at := uint64(part.Offset); at < min(part.End(), uint64(p.dev.Flash.Size())); at += flashmodel.SectorSize {
			if p.sum.deps.Has(uint32(at)) {
				sectors = append(sectors, uint32(at))
			}
		}
		for i := 0; i < bitsPerPart && len(sectors) > 0; i++ {
			bits = append(bits, 8*sectors[r.Below(len(sectors))]+uint32(r.Below(8*flashmodel.SectorSize)))
		}
	}
	return bits
}

// regions are the partitions, with bootloader and table in front.
func (w *walk) regions() []parttable.Entry { return w.sc.regions() }

func (sc *Scenario) regions() []parttable.Entry {
	list := []parttable.Entry{
		{Label: parttable.Label("bootloader"), Type: 2, Offset: 0x1000, Size: sc.TableOffset - 0x1000},
		{Label: parttable.Label("partition table"), Type: 3, Offset: sc.TableOffset, Size: flashmodel.SectorSize},
	}
	return append(list, sc.Parts...)
}
