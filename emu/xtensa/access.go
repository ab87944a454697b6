package xtensa

// Read reads size bytes of memory as the core would, without raising an
// exception: for the host's own functions and for debuggers.
func (c *CPU) Read(addr, size uint32) (uint32, Cause) {
	if p := c.byte(addr); p != nil && addr&3+size <= 4 {
		return *p >> (addr & 3 * 8) & (1<<(8*size) - 1), NoCause
	}
	if c.regionClosed(1, addr) {
		return 0, CauseLoadIllegal
	}
	if addr&(size-1) != 0 && c.byte(addr) != nil {
		return c.readApart(addr, size)
	}
	return c.host.Load(addr, size)
}

// readApart reads what lies across a word boundary byte by byte, as the core's
// unaligned access does.
func (c *CPU) readApart(addr, size uint32) (v uint32, cause Cause) {
	for i := range size {
		b, cause := c.Read(addr+i, 1)
		if cause != NoCause {
			return 0, cause
		}
		v |= b << (8 * i)
	}
	return v, NoCause
}

// Write writes the low size bytes of v, see Read.
func (c *CPU) Write(addr, size, v uint32) Cause {
	if p := c.partTo(addr, 0); p != nil && addr&3+size <= 4 {
		*p = Merge(*p, addr, size, v)
		return NoCause
	}
	if c.regionClosed(1, addr) {
		return CauseStoreIllegal
	}
	if addr&(size-1) != 0 {
		for i := range size {
			if cause := c.Write(addr+i, 1, v>>(8*i)); cause != NoCause {
				return cause
			}
		}
		return NoCause
	}
	c.forget(addr)
	return c.host.Store(addr, size, v)
}

// load is the slow path of a load. ok is false when the run does not go on at
// the next instruction.
func (c *CPU) load(pc, addr, size uint32) (v uint32, ok bool) {
	c.PC = pc
	v, cause := c.Read(addr, size)
	if cause != NoCause {
		c.except(cause, pc, addr)
		return 0, false
	}
	return v, c.goesOn(pc)
}

// store is the slow path of a store.
func (c *CPU) store(pc, addr, size, v uint32) bool {
	c.PC = pc
	if cause := c.Write(addr, size, v); cause != NoCause {
		c.except(cause, pc, addr)
		return false
	}
	return c.goesOn(pc)
}

// goesOn tells whether nobody asked for the run to end.
func (c *CPU) goesOn(pc uint32) bool {
	if c.stop.Kind == StopLimit {
		return true
	}
	c.next, c.stop.From = pc, pc
	if n, ok := c.lengthAt(pc); ok {
		c.next += n
	}
	return false
}

// loadAt and storeAt are a word of a window's save area.
func (c *CPU) loadAt(pc, addr uint32) (uint32, bool) { return c.load(pc, addr, 4) }

func (c *CPU) storeAt(pc, addr, v uint32) bool { return c.store(pc, addr, 4, v) }

// regionClosed tells whether a region of 512 MiB has the attribute that forbids
// every access; side is 0 for fetches, 1 for data.
func (c *CPU) regionClosed(side int, addr uint32) bool { return c.regions[side][addr>>29] == 15 }
