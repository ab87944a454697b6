package esp32

// DPORT: clocks and resets of peripherals, the second core, the caches.

const dport = 0x3FF00000

// Bits of the cache control registers.
const (
	cacheEnable    = 1 << 3
	cacheFlush     = 1 << 4
	cacheFlushDone = 1 << 5
	cacheIdle      = 1 << 7 // CACHE_STATE is 1
)

// encryptEnable in SLAVE_SPI_CONFIG makes page programs send ciphertext.
const encryptEnable = 1 << 8

const slaveSPIConfig = dport + 0xC8

func dportBlock() block {
	control := func(m *Machine, addr, v uint32) {
		if v&cacheFlush != 0 {
			v = v&^cacheFlush | cacheFlushDone
			m.cache.flush(m)
		}
		m.keep(addr, v)
	}
	return block{"DPORT", dport, "ESP-IDF v5.2.2 soc/esp32/dport_reg.h; spec exec 4.1", []register{
		{name: "PRO_BOOT_REMAP_CTRL", off: 0x00}, {name: "APP_BOOT_REMAP_CTRL", off: 0x04},
		{name: "PERI_CLK_EN", off: 0x1C}, {name: "PERI_RST_EN", off: 0x20},
		{name: "APPCPU_CTRL_A", off: 0x2C, reset: 1}, {name: "APPCPU_CTRL_B", off: 0x30},
		{name: "APPCPU_CTRL_C", off: 0x34}, {name: "APPCPU_CTRL_D", off: 0x38},
		{name: "CPU_PER_CONF", off: 0x3C, write: retune},
		{name: "PRO_CACHE_CTRL", off: 0x40, reset: cacheEnable | cacheFlushDone, write: control},
		{name: "PRO_CACHE_CTRL1", off: 0x44, reset: 6},
		{name: "PRO_CACHE_LOCK_0_ADDR", off: 0x48, count: 4},
		{name: "APP_CACHE_CTRL", off: 0x58, write: control}, {name: "APP_CACHE_CTRL1", off: 0x5C},
		{name: "APP_CACHE_LOCK_0_ADDR", off: 0x60, count: 4},
		{name: "TRACEMEM_MUX_MODE", off: 0x70}, {name: "PRO_TRACEMEM_ENA", off: 0x74}, {name: "APP_TRACEMEM_ENA", off: 0x78},
		{name: "CACHE_MUX_MODE", off: 0x7C}, {name: "IMMU_PAGE_MODE", off: 0x80}, {name: "DMMU_PAGE_MODE", off: 0x84},
		{name: "ROM_MPU_ENA … HOST_INF_SEL", off: 0x88, count: 14},
		{name: "PERIP_CLK_EN", off: 0xC0, reset: 0}, {name: "PERIP_RST_EN", off: 0xC4},
		{name: "SLAVE_SPI_CONFIG", off: 0xC8}, {name: "WIFI_CLK_EN", off: 0xCC}, {name: "CORE_RST_EN", off: 0xD0},
		{name: "PRO_MAC_INTR_MAP", off: 0x104, count: 69}, {name: "APP_MAC_INTR_MAP", off: 0x218, count: 69},
		{name: "AHB_MPU_TABLE", off: 0x32C, count: 6},
		{name: "PRO_DCACHE_DBUG0", off: 0x3F0, read: always(cacheIdle), write: ignore},
		{name: "APP_DCACHE_DBUG0", off: 0x418, read: always(cacheIdle), write: ignore},
		{name: "PRO_CPU_RECORD_CTRL", off: 0x440}, {name: "APP_CPU_RECORD_CTRL", off: 0x45C},
		{name: "SECURE_BOOT_CTRL", off: 0x580}, {name: "SPI_DMA_CHAN_SEL", off: 0x5A8},
		{name: "CACHE_IA_INT_EN", off: 0x5A0},
	}}
}

// mmuBlock is the flash MMU tables of both CPUs, one word an entry.
func mmuBlock() block {
	const pro, app = 0x3FF10000, 0x3FF12000
	read := func(m *Machine, addr uint32) uint32 {
		return m.cache.mmu[(addr-pro)/(app-pro)][(addr-pro)%(app-pro)/4]
	}
	write := func(m *Machine, addr, v uint32) {
		m.cache.mmu[(addr-pro)/(app-pro)][(addr-pro)%(app-pro)/4] = v & 0x1FF
		m.cache.flush(m)
	}
	return block{"flash MMU", pro, "ESP-IDF v5.2.2 soc/esp32/dport_reg.h (DPORT_PRO_FLASH_MMU_TABLE); spec exec 4.1", []register{
		{name: "PRO_FLASH_MMU_TABLE", off: 0, count: mmuEntries, read: read, write: write},
		{name: "APP_FLASH_MMU_TABLE", off: app - pro, count: mmuEntries, read: read, write: write},
	}}
}
