package flashmodel

import "bytes"

// inPage returns the address n cells after addr, as the page buffer counts:
// the end of the page is followed by its start.
func inPage(addr, n uint32) uint32 {
	return addr&^(PageSize-1) | (addr+n)%PageSize
}

// head returns how many of n bytes at addr lie before the end of the page. The
// rest belongs at the page's start.
func head(addr uint32, n int) int {
	return min(n, PageSize-int(addr%PageSize))
}

// readPage reads cells in the order in which a page program takes its bytes.
func (f *Flash) readPage(addr uint32, p []byte) {
	n := head(addr, len(p))
	f.peek(addr, p[:n])
	f.peek(addr&^(PageSize-1), p[n:])
}

// storePage overwrites cells in the order in which a page program takes its
// bytes.
func (f *Flash) storePage(addr uint32, p []byte) {
	n := head(addr, len(p))
	f.store(addr, p[:n])
	f.store(addr&^(PageSize-1), p[n:])
}

// clear clears the cells that a page program with data at addr clears.
func (f *Flash) clear(addr uint32, data []byte) {
	if f.cleared(addr, data) {
		return // leave the sector shared
	}
	page := f.own(addr)[addr%SectorSize&^(PageSize-1):][:PageSize]
	n := head(addr, len(data))
	clearBits(page[addr%PageSize:], data[:n])
	clearBits(page, data[n:])
}

// cleared tells whether a page program with data at addr would change nothing.
func (f *Flash) cleared(addr uint32, data []byte) bool {
	c := f.cells(addr)
	if c == nil {
		return allOnes(data)
	}
	page := c[addr%SectorSize&^(PageSize-1):][:PageSize]
	n := head(addr, len(data))
	return covers(data[:n], page[addr%PageSize:]) && covers(data[n:], page)
}

// clearBits clears the bits of cells that are 0 in data.
func clearBits(cells, data []byte) {
	cells = cells[:len(data)]
	for i, b := range data {
		cells[i] &= b
	}
}

// covers tells whether data has a 1 wherever cells have one.
func covers(data, cells []byte) bool {
	cells = cells[:len(data)]
	for i, b := range data {
		if cells[i]&^b != 0 {
			return false
		}
	}
	return true
}

// store overwrites the cells from addr on, which stay inside the chip.
func (f *Flash) store(addr uint32, data []byte) {
	for len(data) > 0 {
		n := min(len(data), SectorSize-int(addr%SectorSize))
		f.storeSector(addr, data[:n])
		addr += uint32(n)
		data = data[n:]
	}
}

// storeSector overwrites cells of one sector. Sectors that stay as they are
// stay shared, and erased ones take no room.
func (f *Flash) storeSector(addr uint32, data []byte) {
	c := f.cells(addr)
	switch {
	case c == nil && allOnes(data):
	case c != nil && bytes.Equal(c[addr%SectorSize:][:len(data)], data):
	case len(data) == SectorSize && allOnes(data):
		f.drop(addr)
	case len(data) == SectorSize && f.stock.leaf(data) != nil:
		*f.path(addr, f.token()) = f.stock.leaf(data)
	default:
		copy(f.own(addr)[addr%SectorSize:], data)
	}
}

// dropRange erases whole sectors.
func (f *Flash) dropRange(addr, size uint32) {
	if size == f.size {
		f.root = nil
		return
	}
	for end := addr + size; addr < end; addr += SectorSize {
		f.drop(addr)
	}
}
