package xtensa

// Offsets of the exception vectors from VECBASE, as the ESP32 has them.
const (
	VectorKernel = 0x300
	VectorUser   = 0x340
	VectorDouble = 0x3C0
)

// Exception is the last exception that the core took.
type Exception struct {
	Cause   Cause
	PC      uint32 // of the instruction
	Address uint32 // that was accessed, for memory causes
}

// Exception returns what the exception registers hold.
func (c *CPU) Exception() Exception {
	return Exception{Cause(c.sr[srEXCCAUSE]), c.sr[srEPC1], c.sr[srEXCVADDR]}
}

// except takes an exception: the run goes on at the vector.
func (c *CPU) except(cause Cause, pc, addr uint32) {
	vector := uint32(VectorKernel)
	switch {
	case c.ps&psEXCM != 0:
		c.sr[srDEPC] = pc
		vector = VectorDouble
	case c.ps&psUM != 0:
		vector = VectorUser
	}
	if vector != VectorDouble {
		c.sr[srEPC1] = pc
	}
	c.sr[srEXCCAUSE] = uint32(cause)
	if cause >= CauseFetchAddress && cause < CauseCoprocessor0 || cause == CauseFetch || cause == CauseLoadStore {
		c.sr[srEXCVADDR] = addr
	}
	c.ps |= psEXCM
	c.next = c.sr[srVECBASE] + vector
}

// Raise takes an exception on behalf of code that the host serves, and ends the
// run: it would go on at the vector.
func (c *CPU) Raise(cause Cause, pc, addr uint32) {
	c.except(cause, pc, addr)
	c.stop = Stop{Kind: StopNative, PC: c.next, From: pc}
}

// privileged carries out the operations of exception handlers and debuggers.
// ok is false when the run does not go on at the next instruction.
func (c *CPU) privileged(in *Insn, pc uint32) (ok bool) {
	switch in.Op {
	case opRfe:
		c.ps &^= psEXCM
		c.next = c.sr[srEPC1]
	case opRfde:
		c.next = c.sr[srDEPC]
	case opRfi:
		c.returnFrom(uint32(in.Imm))
	case opRfwo:
		c.ws &^= 1 << c.wb
		c.returnWindow()
	case opRfwu:
		c.ws |= 1 << c.wb
		c.returnWindow()
	case opSyscall, opSimcall:
		c.except(CauseSyscall, pc, 0)
	case opWaiti:
		c.ps = c.ps&^psINTLEVEL | uint32(in.Imm)
		c.end(StopWait, pc, pc+3)
	case opBreak, opBreakN:
		c.end(StopBreak, pc, pc+uint32(in.Len))
	case opRsil:
		old := c.readSpecial(srPS)
		c.ps = c.ps&^psINTLEVEL | uint32(in.Imm)
		c.SetA(int(in.T), old)
		return true
	}
	return false
}

func (c *CPU) returnFrom(level uint32) {
	if level < 2 || level > 7 {
		level = 2
	}
	c.writeSpecial(srPS, c.sr[srEPS2+level-2])
	c.next = c.sr[srEPC1+level-1]
}

// returnWindow ends a window handler: back to the window before it, OWB.
func (c *CPU) returnWindow() {
	c.rotate(c.ps >> 8 & 15)
	c.ps &^= psEXCM
	c.next = c.sr[srEPC1]
}

// end stops the run; it would go on at next.
func (c *CPU) end(k StopKind, pc, next uint32) {
	c.stop = Stop{Kind: k, From: pc}
	c.next = next
}

// region carries out the operations of the region protection option: 8 regions
// of 512 MiB with one attribute each for fetches and data.
func (c *CPU) region(in *Insn) {
	w := c.window()
	side := 1
	switch in.Op {
	case opRitlb0, opRitlb1, opPitlb, opWitlb, opIitlb:
		side = 0
	}
	n := w[in.S&15] >> 29
	switch in.Op {
	case opWitlb, opWdtlb:
		c.regions[side][n] = w[in.T&15] & 15
		c.shade()
	case opRitlb1, opRdtlb1:
		w[in.T&15] = c.regions[side][n]
	case opRitlb0, opRdtlb0:
		w[in.T&15] = n << 29
	case opPitlb, opPdtlb:
		w[in.T&15] = n<<29 | 1<<4
	}
}

// shade takes fast access away where a region that the page tables cover is
// closed. They are not rebuilt when it opens again: the host serves what is
// not mapped.
func (c *CPU) shade() {
	for i := range uint32(pageCount) {
		if c.regionClosed(1, c.Base+i<<pageShift) {
			c.read[i], c.write[i] = nil, nil
		}
		if c.regionClosed(0, c.Base+i<<pageShift) {
			c.code[i] = nil
		}
	}
}
