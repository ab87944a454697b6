package config

import (
	"cmp"
	"slices"

	"github.com/bootsim/bootsim/bootsim"
)

// checkPlaces reports files past the end of the flash, over each other or not
// aligned. It sorts a copy: files keep their order.
func (l *loader) checkPlaces(out *lot) {
	limit := uint64(maxImage)
	if out.FlashSizeGiven {
		limit = uint64(out.FlashSize)
	}
	sorted := slices.Clone(out.files)
	slices.SortStableFunc(sorted, func(a, b placed) int { return cmp.Compare(a.Address, b.Address) })
	last := -1 // the file that reaches farthest so far
	for i, p := range sorted {
		if p.end() > limit {
			l.fail(p.at, "%q at 0x%08x ends at 0x%08x, past the end of the flash at 0x%08x: check the address and \"flash_size\"",
				clip(p.File), p.Address, p.end(), limit)
		}
		if p.Form == bootsim.FormEncrypted && p.Address%encryptAlign != 0 {
			l.fail(p.at, "0x%08x is no multiple of %d: nothing can be written encrypted there", p.Address, encryptAlign)
		}
		if last >= 0 && uint64(p.Address) < sorted[last].end() {
			l.overlap(sorted[last], p)
		}
		if last < 0 || p.end() > sorted[last].end() {
			last = i
		}
	}
}

func (p placed) end() uint64 { return uint64(p.Address) + uint64(len(p.Data)) }

// overlap blames the one that stands later in the configuration.
func (l *loader) overlap(a, b placed) {
	if cmp.Or(cmp.Compare(a.at.Line, b.at.Line), cmp.Compare(a.at.Column, b.at.Column)) > 0 {
		a, b = b, a
	}
	l.fail(b.at, "%q (0x%08x to 0x%08x) overlaps %q in line %d (0x%08x to 0x%08x): move or remove one",
		clip(b.File), b.Address, b.end(), clip(a.File), a.at.Line, a.Address, a.end())
}

// covering returns the file that an address lies in.
func (out *lot) covering(addr uint32) (placed, bool) {
	for _, p := range out.files {
		if p.label == "" && p.Address <= addr && uint64(addr) < p.end() {
			return p, true
		}
	}
	return placed{}, false
}
