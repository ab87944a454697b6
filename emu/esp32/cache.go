package esp32

import (
	"cmp"
	"slices"

	"github.com/bootsim/bootsim/emu/rom"
	"github.com/bootsim/bootsim/emu/xtensa"
	"github.com/bootsim/bootsim/flashmodel/espimage"
)

// The flash windows (spec exec 1.1, 5).
const (
	dataWindow     = 0x3F400000
	dataWindowSize = 0x400000
	codeWindow     = 0x400D0000 // below it nothing is mapped
	codeWindowEnd  = 0x40C00000
)

func inDataWindow(addr uint32) bool { return addr-dataWindow < dataWindowSize }

func inCodeWindow(addr uint32) bool { return addr-codeWindow < codeWindowEnd-codeWindow }

// MMU entries.
const (
	mmuPageSize = 64 << 10
	mmuInvalid  = 0x100
	mmuEntries  = 2048 // of one CPU: 256 for each of eight process numbers
	noMapping   = 0xBAADBAAD
)

// maxFlash is what the MMU can address, in bytes.
const maxFlash = 16 << 20

// cache is the PRO CPU's view of the flash: pages of 4 KiB, decrypted where
// flash encryption is on. It is always coherent, as no bootloader reads before
// it has flushed.
type cache struct {
	mmu     [2][mmuEntries]uint32
	sectors [maxFlash / xtensa.PageSize]*xtensa.Page
	shown   []uint32 // addresses that the core sees pages at
	empty   [2]*xtensa.Page
	// looks counts how often sectors came into view; first and last are its value
	// at a sector's first and last time, 0 for none.
	looks       uint32
	first, last [maxFlash / xtensa.PageSize]uint32
	entry       uint32 // of the application image whose header came into view last
}

func (c *cache) init() {
	for cpu := range c.mmu {
		c.invalidate(cpu)
	}
}

// invalidate makes every entry of a CPU's table invalid.
func (c *cache) invalidate(cpu int) {
	for i := range c.mmu[cpu] {
		c.mmu[cpu][i] = mmuInvalid
	}
}

// mmuIndex is the entry for an address in a window (spec exec 3.4).
func mmuIndex(addr uint32) uint32 {
	n := addr >> 16 & 63
	switch {
	case inDataWindow(addr):
		return n
	case addr < 0x40400000:
		return 64 + n
	case addr < 0x40800000:
		return 128 + n
	}
	return 192 + n
}

// translate returns the flash address behind an address in a window.
func (c *cache) translate(addr uint32) (flash uint32, ok bool) {
	e := c.mmu[0][mmuIndex(addr)]
	return e&0xFF*mmuPageSize + addr&(mmuPageSize-1), e&mmuInvalid == 0
}

// page returns the page at an address in a window and shows it to the core
// until the mapping or the flash changes.
func (c *cache) page(m *Machine, addr uint32) *xtensa.Page {
	at, ok := c.translate(addr)
	var p *xtensa.Page
	if ok {
		p = c.sector(m, at)
		c.note(at &^ pageMask)
		if p[0]&0xFF == espimage.Magic && at&^pageMask != rom.ImageAddress {
			c.entry = p[1]
		}
	} else {
		p = c.nothing(inDataWindow(addr))
	}
	addr &^= pageMask
	m.CPU.Map(addr, p, false)
	c.shown = append(c.shown, addr)
	return p
}

// sector returns 4 KiB of flash as the cache shows them.
func (c *cache) sector(m *Machine, at uint32) *xtensa.Page {
	if p := c.sectors[at/xtensa.PageSize]; p != nil {
		return p
	}
	var raw [xtensa.PageSize]byte
	m.cached.Read(at&^pageMask, raw[:])
	p := new(xtensa.Page)
	for i := range p {
		p[i] = uint32(raw[4*i]) | uint32(raw[4*i+1])<<8 | uint32(raw[4*i+2])<<16 | uint32(raw[4*i+3])<<24
	}
	c.sectors[at/xtensa.PageSize] = p
	return p
}

// note remembers that a sector came into view.
func (c *cache) note(sector uint32) {
	c.looks++
	i := sector / xtensa.PageSize
	if c.first[i] == 0 {
		c.first[i] = c.looks
	}
	c.last[i] = c.looks
}

// inOrder returns the sectors that were looked at, in the order of a count.
func inOrder(count *[maxFlash / xtensa.PageSize]uint32) []uint32 {
	var out []uint32
	for i, n := range count {
		if n != 0 {
			out = append(out, uint32(i)*xtensa.PageSize)
		}
	}
	slices.SortFunc(out, func(a, b uint32) int {
		return cmp.Compare(count[a/xtensa.PageSize], count[b/xtensa.PageSize])
	})
	return out
}

// nothing is what an invalid entry shows: the recordings' emulator gives
// 0xBAADBAAD to loads and zeros to fetches.
func (c *cache) nothing(data bool) *xtensa.Page {
	i := 0
	if data {
		i = 1
	}
	if c.empty[i] == nil {
		c.empty[i] = new(xtensa.Page)
		if data {
			for j := range c.empty[i] {
				c.empty[i][j] = noMapping
			}
		}
	}
	return c.empty[i]
}

// flush takes every page away from the core.
func (c *cache) flush(m *Machine) {
	for _, addr := range c.shown {
		m.CPU.Map(addr, nil, false)
		if !inDataWindow(addr) {
			m.CPU.Forget(addr, xtensa.PageSize)
		}
	}
	c.shown = c.shown[:0]
}

// changed forgets flash content from at on.
func (c *cache) changed(m *Machine, at, size uint32) {
	c.flush(m)
	flash := m.dev.Flash.Size()
	for i := range c.sectors {
		if a := uint32(i) * xtensa.PageSize & (flash - 1); c.sectors[i] != nil && a+xtensa.PageSize > at && a < at+size {
			c.sectors[i] = nil
		}
	}
}

// set is the ROM's cache_flash_mmu_set_rom (spec exec 3.4).
func (c *cache) set(m *Machine, cpu, pid, vaddr, paddr, size, count uint32) uint32 {
	mask := size<<10 - 1
	if vaddr&mask != 0 || paddr&mask != 0 {
		return 1
	}
	if !inDataWindow(vaddr) && !inCodeWindow(vaddr) {
		return 5
	}
	base := mmuIndex(vaddr)
	if pid > 1 {
		base += pid * 256
	}
	for i := range min(count, mmuEntries) {
		c.mmu[cpu&1][(base+i)%mmuEntries] = paddr>>16 + i
	}
	c.flush(m)
	return 0
}
