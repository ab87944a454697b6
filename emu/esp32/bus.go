package esp32

import "github.com/bootsim/bootsim/emu/xtensa"

// Load serves loads that no RAM page answers.
func (m *Machine) Load(addr, size uint32) (uint32, xtensa.Cause) {
	if p := m.memory.word(addr); p != nil {
		return part(*p, addr, size), xtensa.NoCause
	}
	switch {
	case inDataWindow(addr) || inCodeWindow(addr):
		p := m.cache.page(m, addr)
		return part(p[addr&pageMask/4], addr, size), xtensa.NoCause
	case inPeripherals(addr):
		return part(m.loadRegister(peripheral(addr)), addr, size), xtensa.NoCause
	case addr-romStart < romSize, addr-dataROM < dataROMSize:
		m.note("the content of the mask ROM is not part of the model: zeros were taken for it where 0x%08x read it", m.where())
		return 0, xtensa.NoCause
	}
	return 0, xtensa.CauseBusAddress
}

// Store serves stores that no RAM page takes. Stores to ROM and to the flash
// windows are ignored, as in the recordings; silicon may fault.
func (m *Machine) Store(addr, size, v uint32) xtensa.Cause {
	switch {
	case m.memory.store(addr, size, v):
	case inPeripherals(addr):
		p := peripheral(addr)
		if size < 4 {
			v = xtensa.Merge(m.stored(p), addr, size, v)
		}
		m.storeRegister(p, v)
	case addr-romStart < romSize, addr-dataROM < dataROMSize, inDataWindow(addr), inCodeWindow(addr), addr-psramWindow < psramSize:
	default:
		return xtensa.CauseBusAddress
	}
	return xtensa.NoCause
}

// Fetch serves the decoder. The alias of SRAM1 is not kept, because stores on
// the data bus change it unseen.
func (m *Machine) Fetch(addr uint32) (word uint32, lasting bool, cause xtensa.Cause) {
	if p := m.memory.word(addr); p != nil && addr >= sram0 && addr < rtcFastCode+rtcFastSize {
		return *p, addr < sram1Code, xtensa.NoCause
	}
	if inCodeWindow(addr) {
		p := m.cache.page(m, addr)
		return p[addr&pageMask/4], true, xtensa.NoCause
	}
	return 0, false, xtensa.CauseFetch
}

// Other stretches of the address space.
const (
	dataROM     = 0x3FF90000
	dataROMSize = 0x10000
	psramWindow = 0x3F800000
	psramSize   = 0x400000
)

func part(word, addr, size uint32) uint32 {
	if size == 4 {
		return word
	}
	return word >> (addr & 3 * 8) & (1<<(8*size) - 1)
}

// IsMemory tells whether an address is RAM or in a flash window, where loads
// have no effects.
func IsMemory(addr uint32) bool {
	for _, s := range [...]span{
		{dataWindow, dataWindow + dataWindowSize}, {rtcFastData, rtcFastData + rtcFastSize}, {sram2, sram1 + sram1Size},
		{sram0, rtcFastCode + rtcFastSize}, {codeWindow, codeWindowEnd}, {rtcSlow, rtcSlow + rtcSlowSize},
	} {
		if addr >= s.start && addr < s.end {
			return true
		}
	}
	return false
}
