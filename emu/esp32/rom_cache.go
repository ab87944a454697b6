package esp32

// romCache is the cache and MMU functions.
func romCache() []Function {
	return []Function{
		served("mmu_init", 0x400095a4, func(m *Machine) {
			m.cache.invalidate(int(m.arg(0) & 1))
			m.cache.flush(m)
		}),
		served("cache_flash_mmu_set_rom", 0x400095e0, func(m *Machine) {
			m.ret(m.cache.set(m, m.arg(0), m.arg(1), m.arg(2), m.arg(3), m.arg(4), m.arg(5)))
		}),
		ignored("cache_sram_mmu_set_rom", 0x400097f4),
		served("Cache_Read_Init_rom", 0x40009950, func(m *Machine) { m.control(m.arg(0), 0, cacheEnable) }),
		served("Cache_Flush_rom", 0x40009a14, func(m *Machine) {
			m.cache.flush(m)
			m.control(m.arg(0), cacheFlushDone, cacheFlush)
		}),
		served("Cache_Read_Enable_rom", 0x40009a84, func(m *Machine) { m.control(m.arg(0), cacheEnable, 0) }),
		served("Cache_Read_Disable_rom", 0x40009ab8, func(m *Machine) { m.control(m.arg(0), 0, cacheEnable) }),
	}
}

// control sets and clears bits of a CPU's cache control register.
func (m *Machine) control(cpu, set, clear uint32) {
	addr := uint32(dport + 0x40)
	if cpu&1 == 1 {
		addr = dport + 0x58
	}
	m.keep(addr, m.stored(addr)&^clear|set)
}
