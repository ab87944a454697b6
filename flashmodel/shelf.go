package flashmodel

import (
	"bytes"
	"slices"
	"sync/atomic"
)

// shelf keeps, for every sector, what was last programmed into it as a whole,
// for all forks of a chip: an update that is tried over and over writes the same
// bytes to the same place, and its sectors are then shared instead of copied.
// What is on the shelf belongs to nobody, so that whoever writes to it copies
// it. Goroutines may share a shelf; what they find there never decides what a
// chip holds.
type shelf []atomic.Pointer[node]

func newShelf(size uint32) *shelf {
	s := make(shelf, size/SectorSize)
	return &s
}

const pagesPerSector = SectorSize / PageSize

// leaf returns a leaf with these cells for the sector at addr.
func (s *shelf) leaf(addr uint32, cells *sector) *node {
	at := &(*s)[addr/SectorSize]
	if n := at.Load(); n != nil && *n.cells == *cells {
		return n
	}
	n := &node{cells: (*sector)(bytes.Clone(cells[:]))} // not zeroed first
	at.Store(n)
	return n
}

// fillsErased tells whether data begins with what fills the sector at addr, and
// nothing decides about its pages but what they are now: erased.
func (f *Flash) fillsErased(addr uint32, data []byte) bool {
	return addr%SectorSize == 0 && len(data) >= SectorSize && !f.journal.intercepts() && f.cells(f.wrap(addr)) == nil
}

// programErased is one page program for every page of the erased sector at addr.
func (f *Flash) programErased(addr uint32, data []byte) {
	if allOnes(data) {
		if f.journal != nil {
			f.journal.pages(addr, bytes.Clone(data))
		}
		return
	}
	n := f.stock.leaf(data)
	if n == nil {
		n = f.shelf.leaf(addr, (*sector)(data))
	} else {
		(*f.shelf)[addr/SectorSize].Store(n)
	}
	f.hang(addr, n)
}

// hang makes a leaf the erased sector at addr, as page programs of all of it do.
func (f *Flash) hang(addr uint32, n *node) {
	*f.path(addr, f.token()) = n
	f.journal.pages(addr, n.cells[:])
}

// pages records page programs of a whole sector, with data that nobody alters.
func (j *Journal) pages(addr uint32, data []byte) {
	if j == nil {
		return
	}
	j.ops = slices.Grow(j.ops, pagesPerSector)
	for at := uint32(0); at < SectorSize; at += PageSize {
		page := data[at : at+PageSize : at+PageSize]
		j.ops = append(j.ops, Op{Seq: len(j.ops), Kind: OpProgram, Addr: addr + at, Size: PageSize, Data: page})
	}
}

// replayShelved hangs a sector up as a whole, if the first operations are the
// page programs of what is on the shelf for it and the sector is erased.
func (f *Flash) replayShelved(ops []Op) bool {
	if len(ops) < pagesPerSector || ops[0].Kind != OpProgram || !f.wholePages(ops[:pagesPerSector]) {
		return false
	}
	addr := ops[0].Addr
	n := (*f.shelf)[addr/SectorSize].Load()
	if n == nil || !f.fillsErased(addr, n.cells[:]) {
		return false
	}
	for i := range ops[:pagesPerSector] {
		if page := n.cells[i*PageSize:][:PageSize]; &page[0] != &ops[i].Data[0] && string(page) != string(ops[i].Data) {
			return false
		}
	}
	f.hang(addr, n)
	return true
}

// wholePages tells whether operations program the pages of one sector in order.
func (f *Flash) wholePages(ops []Op) bool {
	addr := ops[0].Addr
	if addr%SectorSize != 0 || addr >= f.size {
		return false
	}
	for i, op := range ops {
		if op.Kind != OpProgram || op.Addr != addr+uint32(i)*PageSize || len(op.Data) != PageSize {
			return false
		}
	}
	return true
}
