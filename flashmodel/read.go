package flashmodel

// Read fills p with the raw cells from addr on. Addresses past the chip wrap.
// It allocates nothing.
func (f *Flash) Read(addr uint32, p []byte) {
	if f.trace != nil && len(p) > 0 {
		f.traced(addr, uint32(len(p)))
	}
	f.peek(addr, p)
}

// traced tells the trace of a read, which may wrap.
func (f *Flash) traced(addr, size uint32) {
	addr = f.wrap(addr)
	n := min(size, f.size-addr)
	f.trace.note(addr, n)
	f.trace.note(0, min(size-n, f.size))
}

// peek is Read for the model's own needs, which no trace is told of.
func (f *Flash) peek(addr uint32, p []byte) {
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
	if f.trace != nil && size > 0 {
		f.traced(addr, size)
	}
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
