package esp32

import (
	"slices"

	"github.com/bootsim/bootsim/emu/rom"
	"github.com/bootsim/bootsim/flashmodel/espimage"
	"github.com/bootsim/bootsim/flashmodel/parttable"
)

// leavesLoader tells whether an indirect jump leads out of the code that the
// ROM loaded, or to where that code was overwritten since: it may start an
// application. An image that loads nothing at its entry is started all the same,
// and finds what the loader left there.
func (m *Machine) leavesLoader(target uint32) bool {
	for _, s := range m.loaded {
		if target >= s.start && target < s.end {
			return m.memory.soiled(target) || target == m.cache.entry
		}
	}
	return true
}

// imageOf returns the flash address of the image with an entry point. Of several
// it is the one whose header the loader looked at last, for it reads the image
// that it starts after all others.
func (m *Machine) imageOf(entry uint32) (addr uint32, ok bool) {
	for _, at := range slices.Backward(inOrder(&m.cache.last)) {
		var raw [espimage.HeaderSize]byte
		m.cached.Read(at, raw[:])
		h, err := espimage.DecodeHeader(raw[:])
		if err == nil && h.Magic == espimage.Magic && h.Entry == entry {
			return at, true
		}
	}
	return 0, false
}

// LastImage returns the flash address of the application image whose header was
// looked at last; false when the run has come to none.
func (m *Machine) LastImage() (addr uint32, ok bool) {
	for _, at := range slices.Backward(inOrder(&m.cache.last)) {
		var raw [1]byte
		m.cached.Read(at, raw[:])
		if raw[0] == espimage.Magic && at != rom.ImageAddress {
			return at, true
		}
	}
	return 0, false
}

// Mapping is one valid page of the PRO CPU's flash windows.
type Mapping struct {
	Addr  uint32 // where code sees it
	Flash uint32
}

// Mappings returns the valid pages of the PRO CPU's table for process 0, in the
// order of its entries.
func (m *Machine) Mappings() []Mapping {
	var out []Mapping
	for i, e := range m.cache.mmu[0][:256] {
		if e&mmuInvalid == 0 {
			out = append(out, Mapping{windowAddress(uint32(i)), e & 0xFF * mmuPageSize})
		}
	}
	return out
}

func windowAddress(i uint32) uint32 {
	if i < 64 {
		return dataWindow + i*mmuPageSize
	}
	return 0x40000000 + (i-64)*mmuPageSize
}

// Table returns the partition table that the second stage looked at: the first
// sector read that begins like one. The address is where it lies.
func (m *Machine) Table() (t *parttable.Table, addr uint32, ok bool) {
	for _, at := range inOrder(&m.cache.first) {
		if t := m.tableAt(at); len(t.Entries) > 0 {
			return t, at, true
		}
	}
	return nil, 0, false
}

// maxRows is how many rows a table has room for.
const maxRows = parttable.MaxRows

func (m *Machine) tableAt(at uint32) *parttable.Table {
	t := &parttable.Table{}
	var raw [parttable.RowSize]byte
	for i := range uint32(maxRows) {
		m.cached.Read(at+i*parttable.RowSize, raw[:])
		row := parttable.DecodeRow(raw[:])
		if row.Kind != parttable.RowEntry {
			break
		}
		t.Entries = append(t.Entries, row.Entry)
	}
	return t
}
