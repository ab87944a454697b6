package input

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/bootsim/bootsim/bootsim"
)

// assembly is a lot in the making.
type assembly struct {
	f      *finder
	d      *description
	lot    bootsim.Lot
	chips  []string // other chips that images are for
	native bool     // an image is for the ESP32
}

// assemble reads the files of a description and makes a lot of them. Files
// that are missing are left out and said so, unless the user named them.
// A set for another chip gives *ChipError.
func (f *finder) assemble(d *description, name string) (bootsim.Lot, error) {
	if d.foreign() {
		return bootsim.Lot{}, &ChipError{File: d.source, Chip: officialChip(d.chip)}
	}
	a := &assembly{f: f, d: d, lot: bootsim.Lot{Name: name, Source: d.source}}
	for _, w := range d.writes {
		if err := a.add(w); err != nil {
			return bootsim.Lot{}, err
		}
	}
	if len(a.chips) > 0 && !a.native && d.chip == "" {
		return bootsim.Lot{}, &ChipError{File: d.source, Chip: a.chips[0]}
	}
	if len(a.lot.Contents) == 0 {
		return bootsim.Lot{}, fileError(d.source, "none of the files that it names is there", nil)
	}
	a.settle()
	return a.lot, nil
}

func (a *assembly) assume(format string, args ...any) {
	a.lot.Assumed = append(a.lot.Assumed, fmt.Sprintf(format, args...))
}

// add reads one file and places it.
func (a *assembly) add(w write) error {
	path, elsewhere, ok := a.f.resolve(a.d, w.file)
	if !ok {
		return a.missing(w)
	}
	data, err := a.f.store.read(path)
	if err != nil {
		return err
	}
	if elsewhere {
		a.assume("%s, named by %s, is not where that says; took %s", w.file, a.d.kind, path)
	}
	a.f.claim(path)
	return a.place(path, w, data)
}

// missing handles a file that is not there.
func (a *assembly) missing(w write) error {
	switch {
	case a.d.explicit:
		return &FileError{File: w.file, Offset: -1, Reason: fmt.Sprintf("there is no such file (%s, address 0x%08x)", a.d.source, w.address)}
	case w.role == roleOTAData || roleFromName(w.file) == roleOTAData:
		a.assume("%s, named by %s, is not there: OTA data taken as erased", w.file, a.d.kind)
	default:
		a.assume("%s (0x%08x), named by %s, is not there and left out", w.file, w.address, a.d.kind)
	}
	return nil
}

// place adds a file's bytes, from whatever format they are in.
func (a *assembly) place(path string, w write, data []byte) error {
	placements, err := decode(path, w.address, data)
	if err != nil {
		return err
	}
	for _, p := range placements {
		a.noteChip(p.Data)
		if len(placements) == 1 {
			p.Role = w.role
		}
		if w.encrypt {
			p.Form = bootsim.FormEncrypted
		}
		a.lot.Contents = append(a.lot.Contents, p)
	}
	return nil
}

// noteChip keeps account of the chips that images are for.
func (a *assembly) noteChip(data []byte) {
	c := sniff(data[:min(len(data), headSize)], int64(len(data)))
	switch {
	case c.chip != "":
		a.chips = append(a.chips, c.chip)
	case c.kind == kindBootloader || c.kind == kindApp || c.boots:
		a.native = true
	}
}

// patch applies esptool's flash settings to the bootloader.
func (a *assembly) patch(p *bootsim.Placement) {
	data, same := a.d.settings.patch(p.Address, p.Data)
	if !same {
		a.assume("%s: header written with the flash settings of %s, as esptool does: bytes 2 and 3 become %02x %02x, not %02x %02x",
			p.File, a.d.kind, data[2], data[3], p.Data[2], p.Data[3])
	}
	p.Data = data
}

// settle fills in what the whole set tells.
func (a *assembly) settle() {
	if a.d.settings.size == "detect" {
		a.d.settings.size = a.detected()
	}
	for i := range a.lot.Contents {
		a.patch(&a.lot.Contents[i])
	}
	if !a.d.hasBootloader() {
		a.lot.FlashSize = a.d.settings.bytes()
	}
	for _, p := range a.lot.Contents {
		if a.d.build && p.Role == roleTable {
			a.lot.TableOffset = p.Address
		}
	}
	a.lot.Assumed = append(a.lot.Assumed, a.d.assumed...)
}

// decode returns what lies in flash when a file is written to an address:
// Intel HEX and UF2 carry their own addresses.
func decode(path string, address uint32, data []byte) ([]bootsim.Placement, error) {
	c := sniff(data[:min(len(data), headSize)], int64(len(data)))
	switch c.kind {
	case kindHex:
		return hexPlacements(path, data)
	case kindUF2:
		return uf2Placements(path, data)
	}
	p := bootsim.Placement{File: path, Address: address, Data: data}
	// A large file from the start of flash is flash content, known or not.
	if hasGaps(c.kind) || uint64(len(data)) > defaultApp && address < defaultTable && c.kind == kindOther {
		p.Gaps = gaps(data, address)
	}
	return []bootsim.Placement{p}, nil
}

// hasGaps tells flash content, where 0xFF means erased, from single files.
func hasGaps(k kind) bool {
	return k == kindMerged || k == kindShifted || k == kindCipherDump
}

// baseOf returns the folder of a file, for names relative to it.
func baseOf(file string) string { return filepath.Dir(file) }

// listed joins names for a message, the first few of them.
func listed(names []string) string {
	if len(names) > 4 {
		return strings.Join(names[:4], ", ") + fmt.Sprintf(" and %d more", len(names)-4)
	}
	return strings.Join(names, ", ")
}
