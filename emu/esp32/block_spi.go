package esp32

const (
	spi1 = 0x3FF42000
	spi0 = 0x3FF43000
)

// Registers of a flash controller that commands look at.
const (
	spiADDR     = 0x04
	spiRDStatus = 0x10
	spiUSER     = 0x1C
	spiUSER1    = 0x20
	spiUSER2    = 0x24
	spiMOSI     = 0x28
	spiMISO     = 0x2C
	spiW0       = 0x80
)

func spi1Block() block {
	return block{"SPI1", spi1, "ESP-IDF v5.2.2 soc/esp32/spi_reg.h; spec exec 4.3", append(spiRegisters(),
		register{name: "SPI_CMD", off: 0x00, read: always(0), write: func(m *Machine, _, v uint32) { m.spi.command(m, v) }},
		register{name: "SPI_CTRL", off: 0x08, reset: 0x00A0A000},
		register{name: "SPI_USER1", off: spiUSER1, reset: 0x5C000007},
		register{name: "SPI_W", off: spiW0, count: 16},
	)}
}

// spi0Block is the cache's side of the controller. It reads by itself; what is
// set here does not change what it reads.
func spi0Block() block {
	return block{"SPI0", spi0, "ESP-IDF v5.2.2 soc/esp32/spi_reg.h; spec exec 4.3", append(spiRegisters(),
		register{name: "SPI_CMD", off: 0x00, read: always(0), write: func(m *Machine, _, v uint32) {
			m.unmodelled("command 0x%08x of SPI0, which serves the cache", v)
		}},
		register{name: "SPI_CTRL", off: 0x08, reset: 0x00A02000},
		register{name: "SPI_USER1", off: spiUSER1, reset: 0x5C000003},
		register{name: "SPI_CACHE_FCTRL", off: 0x3C}, register{name: "SPI_CACHE_SCTRL", off: 0x40},
		register{name: "SPI_SRAM_CMD", off: 0x44}, register{name: "SPI_SRAM_DRD_CMD", off: 0x48}, register{name: "SPI_SRAM_DWR_CMD", off: 0x4C},
		register{name: "SPI_SLV_RD_BIT", off: 0x50},
	)}
}

func spiRegisters() []register {
	return []register{
		{name: "SPI_ADDR", off: spiADDR}, {name: "SPI_CTRL1", off: 0x0C}, {name: "SPI_RD_STATUS", off: spiRDStatus},
		{name: "SPI_CTRL2", off: 0x14}, {name: "SPI_CLOCK", off: 0x18}, {name: "SPI_USER", off: spiUSER, reset: 0x70000000},
		{name: "SPI_USER2", off: spiUSER2, reset: 0x70000000}, {name: "SPI_MOSI_DLEN", off: spiMOSI}, {name: "SPI_MISO_DLEN", off: spiMISO},
		{name: "SPI_SLV_WR_STATUS", off: 0x30}, {name: "SPI_PIN", off: 0x34, reset: 6}, {name: "SPI_SLAVE", off: 0x38},
		{name: "SPI_EXT2", off: 0xF8, read: always(0), write: ignore}, {name: "SPI_EXT3", off: 0xFC},
	}
}
