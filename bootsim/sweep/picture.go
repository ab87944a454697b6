package sweep

import (
	"github.com/bootsim/bootsim/flashmodel"
)

// Picture is what a drawing of the update needs: which part of the flash every
// operation of the run without a fault touches, and where a fault is dangerous.
type Picture struct {
	Bands []Band
	Ops   []Touch
	Boots []int // operations before each boot
}

// Band is a part of the flash that is touched; the eFuses come last.
type Band struct {
	Name   string
	Offset uint32
	Size   uint32
}

// Touch is one operation.
type Touch struct {
	Band       int // index
	Burn       bool
	Erase      bool
	From, Size uint32 // within the band, bytes
	Danger     bool   // one fault at it breaks an invariant
	Plain      bool   // plaintext of an application goes to an encrypted device
}

// Picture returns what a drawing needs.
func (r *Result) Picture() *Picture { return r.picture }

// newPicture collects operations by the partition that they touch.
func (r *runner) newPicture(l *life, notes []opNote) *Picture {
	p := &Picture{}
	index := map[uint64]int{}
	for _, n := range notes {
		b := r.band(n)
		id := uint64(b.Offset)<<1 | uint64(flag(b.Size == 0))
		at, known := index[id]
		if !known {
			at = len(p.Bands)
			index[id] = at
			p.Bands = append(p.Bands, b)
		}
		t := Touch{Band: at, Burn: n.kind == flashmodel.OpBurn, Erase: n.kind != flashmodel.OpBurn && n.kind != flashmodel.OpProgram,
			Size: n.size, Danger: n.danger.broken != 0, Plain: n.plain}
		if !t.Burn {
			t.From = n.addr - b.Offset
		}
		p.Ops = append(p.Ops, t)
	}
	for i := range l.boots {
		p.Boots = append(p.Boots, l.boots[i].firstOp)
	}
	return p
}

// band is where an operation belongs.
func (r *runner) band(n opNote) Band {
	if n.kind == flashmodel.OpBurn {
		return Band{Name: "eFuses"}
	}
	for _, e := range r.sc.regions() {
		if n.addr >= e.Offset && uint64(n.addr) < e.End() {
			return Band{Name: e.Name(), Offset: e.Offset, Size: e.Size}
		}
	}
	const unit = flashmodel.Block64Size
	return Band{Name: "unnamed", Offset: n.addr / unit * unit, Size: unit}
}
