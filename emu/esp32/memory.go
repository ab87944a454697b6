package esp32

import "github.com/bootsim/bootsim/emu/xtensa"

const (
	pageWords = xtensa.PageSize / 4
	pageMask  = xtensa.PageSize - 1
)

// windowBase is where the core's page tables begin; they reach to 0x41400000,
// past the end of the instruction windows.
const windowBase = 0x3F400000

// The code ROM, whose functions are served by address.
const (
	romStart = 0x40000000
	romSize  = 0x70000
)

// Stretches of RAM (spec exec 1.1).
const (
	rtcFastData = 0x3FF80000
	rtcFastCode = 0x400C0000
	rtcFastSize = 0x2000
	sram2       = 0x3FFAE000
	sram2Size   = 0x32000
	sram1       = 0x3FFE0000
	sram1Size   = 0x20000
	sram1Code   = 0x400A0000 // word-reversed alias on the instruction bus
	sram0       = 0x40070000
	sram0Size   = 0x30000
	rtcSlow     = 0x50000000
	rtcSlowSize = 0x2000
)

// memory is the chip's RAM. What the core reaches without asking is in its page
// tables; this serves the rest.
type memory struct {
	rtcFast, sram2, sram1, sram0, rtcSlow []xtensa.Page
	code                                  []xtensa.Page              // emulated: RAM of its own at sram1Code
	dirty                                 [sram0Size / 4 / 64]uint64 // words of watched code that were overwritten
	cpu                                   *xtensa.CPU
}

func (r *memory) init(m *Machine) {
	all := make([]xtensa.Page, (rtcFastSize+sram2Size+sram1Size+sram0Size+rtcSlowSize)/xtensa.PageSize)
	take := func(size int) []xtensa.Page {
		p := all[:size/xtensa.PageSize]
		all = all[len(p):]
		return p
	}
	r.rtcFast, r.sram2, r.sram1 = take(rtcFastSize), take(sram2Size), take(sram1Size)
	r.sram0, r.rtcSlow = take(sram0Size), take(rtcSlowSize)
	show := func(addr uint32, pages []xtensa.Page) {
		for i := range pages {
			m.CPU.Map(addr+uint32(i)*xtensa.PageSize, &pages[i], true)
		}
	}
	show(rtcFastData, r.rtcFast)
	show(rtcFastCode, r.rtcFast)
	show(sram2, r.sram2)
	show(sram1, r.sram1)
	show(sram0, r.sram0)
	if m.options.Emulated {
		r.code = make([]xtensa.Page, sram1Size/xtensa.PageSize)
		show(sram1Code, r.code)
	}
	r.cpu = m.CPU
}

// word returns the word of RAM at an address, or nil.
func (r *memory) word(addr uint32) *uint32 {
	at := func(pages []xtensa.Page, off uint32) *uint32 {
		return &pages[off/xtensa.PageSize][off&pageMask/4]
	}
	switch {
	case addr-rtcFastData < rtcFastSize:
		return at(r.rtcFast, addr-rtcFastData)
	case addr-sram2 < sram2Size:
		return at(r.sram2, addr-sram2)
	case addr-sram1 < sram1Size:
		return at(r.sram1, addr-sram1)
	case addr-sram0 < sram0Size:
		return at(r.sram0, addr-sram0)
	case addr-sram1Code < sram1Size:
		if r.code != nil {
			return at(r.code, addr-sram1Code)
		}
		return at(r.sram1, sram1Size-4-(addr-sram1Code)&^3)
	case addr-rtcFastCode < rtcFastSize:
		return at(r.rtcFast, addr-rtcFastCode)
	case addr-rtcSlow < rtcSlowSize:
		return at(r.rtcSlow, addr-rtcSlow)
	}
	return nil
}

// put writes a word while the machine is set up. Addresses that are no RAM take
// nothing, as when the ROM loads there.
func (r *memory) put(addr, v uint32) {
	if p := r.word(addr); p != nil {
		*p = v
	}
}

// watch makes stores to the pages of the loaded code known, so that it can be
// told later whether code is still what the ROM loaded.
func (r *memory) watch(loaded []span) {
	for _, s := range loaded {
		if s.start-sram0 >= sram0Size {
			continue
		}
		for a := s.start &^ pageMask; a < s.end; a += xtensa.PageSize {
			r.cpu.Map(a, &r.sram0[(a-sram0)/xtensa.PageSize], false)
		}
	}
}

// store writes to RAM that the core does not reach by itself.
func (r *memory) store(addr, size, v uint32) bool {
	p := r.word(addr)
	if p == nil {
		return false
	}
	*p = xtensa.Merge(*p, addr, size, v)
	r.soil(addr)
	return true
}

// soil notes that a word was overwritten. Only code in SRAM0 matters.
func (r *memory) soil(addr uint32) {
	if i := (addr - sram0) / 4; i < sram0Size/4 {
		r.dirty[i/64] |= 1 << (i % 64)
	}
}

// soiled tells whether the word at addr is no longer what was loaded.
func (r *memory) soiled(addr uint32) bool {
	i := (addr - sram0) / 4
	return i < sram0Size/4 && r.dirty[i/64]>>(i%64)&1 != 0
}
