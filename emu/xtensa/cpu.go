package xtensa

// Registers: 64 physical ones in four windows, of which 16 are visible from
// WINDOWBASE on.
const (
	arCount    = 64
	windowSize = 16
	mirror     = 12 // registers visible past the last one
)

// Bits of PS.
const (
	psINTLEVEL = 15
	psEXCM     = 1 << 4
	psUM       = 1 << 5
	psWOE      = 1 << 18
)

// CPU is one core. The zero value is not ready: use New.
type CPU struct {
	PC uint32
	Memory
	// NativeStart and NativeSize are the host's range: calls into it are served
	// by Host.Call and take no time.
	NativeStart, NativeSize uint32
	// Watch stops a run before an indirect jump or call whose target it wants
	// to see; nil lets all pass.
	Watch func(target uint32) bool

	host Host
	// ar is the physical registers, and after them the first ones again while
	// the window reaches past the end: then the copies count.
	ar      [arCount + mirror]uint32
	wb      uint32 // WINDOWBASE, 0 to 15
	ws      uint32 // WINDOWSTART
	ps      uint32 // without CALLINC and EXCM's companions below
	callinc uint32
	sar     uint32
	lbeg    uint32
	lend    uint32
	lcount  uint32
	br      uint32
	acc     int64 // MAC16 accumulator, 40 bits
	mr      [4]uint32
	sr      [256]uint32 // special registers that only store
	ur      [256]uint32
	regions [2][8]uint32 // attributes: instruction, data

	cycles  uint64 // instructions executed
	skipped uint64 // cycles that passed without instructions
	ccount  uint32 // what CCOUNT is ahead of them
	stop    Stop
	next    uint32 // where a slow path leaves the run

	code      [pageCount]*codePage
	scratch   *codePage
	clockRead bool // CCOUNT was read
}

// New returns a core in the state after reset.
func New(h Host) *CPU {
	c := &CPU{host: h, ws: 1, ps: psEXCM | psINTLEVEL | psUM, scratch: new(codePage)}
	c.sr[srCONFIGID0], c.sr[srCONFIGID1], c.sr[srPRID] = 0xC2BCFFFE, 0x1CC5FE96, 0xCDCD
	for i := range c.regions {
		c.regions[i] = [8]uint32{1, 1, 1, 1, 1, 1, 1, 1}
	}
	return c
}

// A returns register a[i] of the current window, i from 0 to 15.
func (c *CPU) A(i int) uint32 { return c.ar[c.wb*4+uint32(i)&15] }

// SetA sets register a[i] of the current window.
func (c *CPU) SetA(i int, v uint32) { c.ar[c.wb*4+uint32(i)&15] = v }

// AR returns physical register i, 0 to 63.
func (c *CPU) AR(i int) uint32 {
	c.home()
	return c.ar[i&(arCount-1)]
}

// SetAR sets physical register i, 0 to 63.
func (c *CPU) SetAR(i int, v uint32) {
	c.home()
	c.ar[i&(arCount-1)] = v
	c.away()
}

// Instructions is how many instructions were executed.
func (c *CPU) Instructions() uint64 { return c.cycles }

// Cycles is the time that has passed, in cycles: one an instruction, and what
// the host let pass.
func (c *CPU) Cycles() uint64 { return c.cycles + c.skipped }

// Skip lets cycles pass without instructions.
func (c *CPU) Skip(n uint64) { c.skipped += n }

// Halt ends the run after the instruction that is being executed.
func (c *CPU) Halt(text string) { c.stop = Stop{Kind: StopHost, Text: text} }

// window is the visible registers.
func (c *CPU) window() *[windowSize]uint32 {
	return (*[windowSize]uint32)(c.ar[c.wb*4:])
}

// home writes the copies past the end back to the first registers.
func (c *CPU) home() {
	if c.wb > 12 {
		copy(c.ar[:mirror], c.ar[arCount:])
	}
}

// away makes the copies again.
func (c *CPU) away() {
	if c.wb > 12 {
		copy(c.ar[arCount:], c.ar[:mirror])
	}
}

// rotate moves the window to a new base.
func (c *CPU) rotate(base uint32) {
	c.home()
	c.wb = base & 15
	c.away()
}
