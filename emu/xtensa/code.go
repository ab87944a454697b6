package xtensa

// codePage holds decoded instructions by the offset of their first byte. A zero
// Op stands for what was not decoded yet.
type codePage [PageSize]Insn

// noPage is the number of no page.
const noPage = ^uint32(0)

// pageAt returns the page of decoded instructions that pc lies in, and whether
// it may be kept; nil stops the run or leaves for an exception.
func (c *CPU) pageAt(pc uint32) (p *codePage, lasting bool) {
	if pc-c.NativeStart < c.NativeSize {
		c.stop, c.next = Stop{Kind: StopNative, PC: pc}, pc
		return nil, false
	}
	i := (pc - c.Base) >> pageShift
	if i < pageCount && c.code[i] != nil {
		return c.code[i], true
	}
	if c.regionClosed(0, pc) {
		c.except(CauseFetchIllegal, pc, pc)
		return nil, false
	}
	_, lasting, cause := c.host.Fetch(pc &^ 3)
	if cause != NoCause {
		c.except(cause, pc, pc)
		return nil, false
	}
	if !lasting || i >= pageCount {
		c.scratch[pc&(PageSize-1)].Op = 0
		return c.scratch, false
	}
	c.code[i] = new(codePage)
	c.write[i] = nil // stores have to be heard of from now on
	return c.code[i], true
}

// decodeAt fills the slot of pc. It returns false when pc cannot be fetched.
func (c *CPU) decodeAt(p *codePage, pc uint32) bool {
	w, cause := c.fetch(pc)
	if cause != NoCause {
		c.except(cause, pc, pc)
		return false
	}
	in := Decode(w)
	switch to, ok := in.Target(pc); {
	case ok:
		in.Disp = int32(to)
	case in.Op == opExtui:
		in.Disp = int32(1<<in.Disp - 1)
	}
	p[pc&(PageSize-1)] = in
	return true
}

// fetch reads the instruction at pc, which may lie across a word boundary.
func (c *CPU) fetch(pc uint32) (uint32, Cause) {
	w, _, cause := c.host.Fetch(pc &^ 3)
	if cause != NoCause {
		return 0, cause
	}
	shift := pc & 3 * 8
	w >>= shift
	if n := Length(byte(w)); uint32(n) <= 4-pc&3 {
		return w, NoCause
	}
	more, _, cause := c.host.Fetch(pc&^3 + 4)
	return w | more<<(32-shift), cause
}

// lengthAt is the length of the instruction at pc.
func (c *CPU) lengthAt(pc uint32) (uint32, bool) {
	w, cause := c.fetch(pc)
	return uint32(Decode(w).Len), cause == NoCause
}

// forget drops the decoded instructions that the word at addr is part of.
func (c *CPU) forget(addr uint32) {
	for at := addr&^3 - 2; at != addr&^3+4; at++ {
		if i := (at - c.Base) >> pageShift; i < pageCount && c.code[i] != nil {
			c.code[i][at&(PageSize-1)].Op = 0
		}
	}
}

// Forget drops every decoded instruction of size bytes from addr on, both
// multiples of PageSize: what is mapped there has changed.
func (c *CPU) Forget(addr, size uint32) {
	for i := (addr - c.Base) >> pageShift; i < pageCount && size > 0; i++ {
		c.code[i] = nil
		size -= min(size, PageSize)
	}
}

// Decoded tells whether the page at addr holds decoded instructions, so that it
// must not be mapped for stores.
func (c *CPU) Decoded(addr uint32) bool {
	i := (addr - c.Base) >> pageShift
	return i < pageCount && c.code[i] != nil
}
