package input

import (
	"bytes"
	"slices"
	"strings"

	"github.com/bootsim/bootsim/bootsim"
)

// verdict tells whether the search found something, and says what if not.
func (f *finder) verdict() error {
	for _, c := range f.foreign {
		f.note("%s: for %s: left out", c.File, c.Chip)
	}
	if len(f.lots) == 0 && f.config == "" && len(f.nested) == 1 {
		f.config = f.nested[0]
		f.notes = slices.DeleteFunc(f.notes, func(n string) bool { return strings.HasPrefix(n, f.config+":") })
	}
	switch {
	case len(f.lots) > 0 || f.config != "":
		return nil
	case len(f.foreign) > 0:
		return f.foreign[0]
	}
	return &NothingFoundError{Searches: f.looked, Notes: f.notes}
}

// prune drops, of the lots from a number on, those that tell nothing of their
// own: pieces without application beside whole sets, and a second copy of the
// same flash content.
func (f *finder) prune(from int) {
	all := f.lots[from:]
	whole := slices.ContainsFunc(all, func(v found) bool { return !v.partial })
	others := len(all) > 1 || len(f.foreign) > 0
	kept := slices.Clone(f.lots[:from])
	for _, v := range all {
		same := slices.IndexFunc(kept[from:], func(k found) bool { return !v.broken && equal(k.lot, v.lot) })
		switch {
		case whole && v.partial || others && v.tableOnly():
			f.note("%s: left out: no whole set of bootloader, partition table and application", listed(filesOf(v.lot)))
		case same >= 0:
			kept[from+same] = f.preferred(kept[from+same], v)
		default:
			kept = append(kept, v)
		}
	}
	f.lots = kept
}

// preferred returns which of two equal lots to keep: the one that a description
// states, else the first.
func (f *finder) preferred(a, b found) found {
	if b.stated && !a.stated {
		a, b = b, a
	}
	if !slices.Equal(filesOf(a.lot), filesOf(b.lot)) {
		f.note("%s: the same flash content as %s: left out", b.lot.Source, a.lot.Source)
	}
	return a
}

// tableOnly tells whether a lot has no image at all.
func (v found) tableOnly() bool {
	return v.partial && !slices.ContainsFunc(v.lot.Contents, func(p bootsim.Placement) bool {
		return p.Role == roleBootloader || p.Role == roleApp
	})
}

func filesOf(lot bootsim.Lot) []string {
	var out []string
	for _, p := range lot.Contents {
		out = append(out, p.File)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// equal tells whether two lots leave the same bytes in flash. Erased flash and
// 0xFF in a file are the same.
func equal(a, b bootsim.Lot) bool { return covers(a, b) && covers(b, a) }

// covers tells whether all that b leaves in flash, 0xFF aside, is in a.
func covers(a, b bootsim.Lot) bool {
	for _, p := range b.Contents {
		for at := 0; at < len(p.Data); at += sectorSize {
			address, size := p.Address+uint32(at), min(sectorSize, len(p.Data)-at)
			want, form := render(b, address, size)
			have, other := render(a, address, size)
			if !within(want, have) || form != other && !isErased(want) {
				return false
			}
		}
	}
	return true
}

// within tells whether all of want, 0xFF aside, is in have.
func within(want, have []byte) bool {
	for i, v := range want {
		if v != 0xFF && v != have[i] {
			return false
		}
	}
	return true
}

// render returns what a lot's files leave at an address, later ones over
// earlier ones, and the form of the last.
func render(lot bootsim.Lot, address uint32, size int) (b []byte, form bootsim.Form) {
	b = bytes.Repeat([]byte{0xFF}, size)
	start, end := uint64(address), uint64(address)+uint64(size)
	for _, p := range lot.Contents {
		from, to := max(uint64(p.Address), start), min(uint64(p.Address)+uint64(len(p.Data)), end)
		if from < to {
			form = p.Form
			copy(b[from-start:], p.Data[from-uint64(p.Address):to-uint64(p.Address)])
		}
	}
	return b, form
}
