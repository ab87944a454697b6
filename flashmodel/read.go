package flashmodel

// Read fills p with the raw cells from addr on. Addresses past the chip wrap.
// It allocates nothing.
func (f *Flash) Read(addr uint32, p []byte) {
	for len(p) > 0 {
		addr = f.wrap(addr)
		n := min(len(p), SectorSize-int(addr%SectorSize))
		if c := f.cells(addr); c != nil {
			copy(p[:n], c[addr%SectorSize:])
		} else {
			fillOnes(p[:n])
		}
		addr += uint32(n)
		p = p[n:]
	}
}

// Erased tells whether the size bytes from addr on are all ones. Addresses
// past the chip wrap; no bytes count as erased.
func (f *Flash) Erased(addr, size uint32) bool {
	size = min(size, f.size) // once around is enough
	for size > 0 {
		addr = f.wrap(addr)
		n := min(size, SectorSize-addr%SectorSize)
		if c := f.cells(addr); c != nil && !allOnes(c[addr%SectorSize:][:n]) {
			return false
		}
		addr += n
		size -= n
	}
	return true
}
