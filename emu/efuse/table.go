package efuse

import "strings"

// none marks a field that no protection bit covers.
const none = -1

// row is one field as the table below writes it; aliases are separated by
// blanks.
type row struct {
	name, aliases, other string
	block, bit, len      int
	kind                 Kind
	category             string
	writeBit, readBit    int
}

// fieldRows lists the fields by position: spec 4.1 and, for what it leaves
// out, espefuse/efuse_defs/esp32.yaml@v5.3.1, which is the same as v4.12.0's.
// The reserved bits between them have no names.
func fieldRows() []row {
	return append(block0Rows(),
		row{"SECURE_VERSION", "", "", 3, 128, 32, Uint, "security", 9, 2},
		row{"MAC_VERSION", "MAC_CUSTOM_VER", "", 3, 184, 8, Uint, "MAC", 9, 2},
		row{"BLOCK1", "ENCRYPT_FLASH_KEY", "BLK1 flash_encryption", 1, 0, 256, Bytes, "security", 7, 0},
		row{"BLOCK2", "SECURE_BOOT_KEY", "BLK2 secure_boot_v1 secure_boot_v2 secure_boot", 2, 0, 256, Bytes, "security", 8, 1},
		row{"BLOCK3", "", "BLK3", 3, 0, 256, Bytes, "security", 9, 2},
		row{"CUSTOM_MAC_CRC", "MAC_CUSTOM_CRC", "", 3, 0, 8, Uint, "MAC", 9, 2},
		row{"CUSTOM_MAC", "MAC_CUSTOM", "", 3, 8, 48, Bytes, "MAC", 9, 2},
		row{"ADC1_TP_LOW", "", "", 3, 96, 7, Uint, "calibration", 9, 2},
		row{"ADC1_TP_HIGH", "", "", 3, 103, 9, Uint, "calibration", 9, 2},
		row{"ADC2_TP_LOW", "", "", 3, 112, 7, Uint, "calibration", 9, 2},
		row{"ADC2_TP_HIGH", "", "", 3, 119, 9, Uint, "calibration", 9, 2},
		row{"WAFER_VERSION_MAJOR", "", "", 0, 0, 3, Uint, "identity", none, none},
		row{"PKG_VERSION", "", "", 0, 0, 4, Uint, "identity", none, none},
	)
}

func block0Rows() []row {
	return []row{
		{"WR_DIS", "", "", 0, 0, 16, Uint, "config", 1, none},
		{"RD_DIS", "", "", 0, 16, 4, Uint, "config", 0, none},
		{"FLASH_CRYPT_CNT", "", "", 0, 20, 7, Uint, "flash", 2, none},
		{"UART_DOWNLOAD_DIS", "", "", 0, 27, 1, Bool, "security", 2, none},
		{"MAC", "MAC_FACTORY", "", 0, 32, 48, Bytes, "MAC", 3, none},
		{"MAC_CRC", "MAC_FACTORY_CRC", "", 0, 80, 8, Uint, "MAC", 3, none},
		{"DISABLE_APP_CPU", "CHIP_VER_DIS_APP_CPU", "", 0, 96, 1, Bool, "config", 3, none},
		{"DISABLE_BT", "CHIP_VER_DIS_BT", "", 0, 97, 1, Bool, "config", 3, none},
		{"CHIP_PACKAGE_4BIT", "CHIP_VER_PKG_4BIT", "", 0, 98, 1, Bool, "identity", none, none},
		{"DIS_CACHE", "CHIP_VER_DIS_CACHE", "", 0, 99, 1, Bool, "config", 3, none},
		{"SPI_PAD_CONFIG_HD", "", "", 0, 100, 5, Uint, "spi pad", none, none},
		{"CHIP_PACKAGE", "CHIP_VER_PKG", "", 0, 105, 3, Uint, "identity", none, none},
		{"CHIP_CPU_FREQ_LOW", "", "", 0, 108, 1, Bool, "config", none, none},
		{"CHIP_CPU_FREQ_RATED", "", "", 0, 109, 1, Bool, "config", none, none},
		{"BLK3_PART_RESERVE", "", "", 0, 110, 1, Bool, "config", 10, 3},
		{"CHIP_VER_REV1", "", "", 0, 111, 1, Bool, "identity", none, none},
		{"CLK8M_FREQ", "CK8M_FREQ", "", 0, 128, 8, Uint, "config", 4, none},
		{"ADC_VREF", "", "", 0, 136, 5, Uint, "calibration", 4, none},
		{"XPD_SDIO_REG", "", "", 0, 142, 1, Bool, "vdd", 5, none},
		{"XPD_SDIO_TIEH", "SDIO_TIEH", "", 0, 143, 1, Bool, "vdd", 5, none},
		{"XPD_SDIO_FORCE", "SDIO_FORCE", "", 0, 144, 1, Bool, "vdd", 5, none},
		{"SPI_PAD_CONFIG_CLK", "", "", 0, 160, 5, Uint, "spi pad", 6, none},
		{"SPI_PAD_CONFIG_Q", "", "", 0, 165, 5, Uint, "spi pad", 6, none},
		{"SPI_PAD_CONFIG_D", "", "", 0, 170, 5, Uint, "spi pad", 6, none},
		{"SPI_PAD_CONFIG_CS0", "", "", 0, 175, 5, Uint, "spi pad", 6, none},
		{"CHIP_VER_REV2", "", "", 0, 180, 1, Bool, "identity", none, none},
		{"VOL_LEVEL_HP_INV", "", "", 0, 182, 2, Uint, "config", 3, none},
		{"WAFER_VERSION_MINOR", "", "", 0, 184, 2, Uint, "identity", none, none},
		{"FLASH_CRYPT_CONFIG", "ENCRYPT_CONFIG", "", 0, 188, 4, Uint, "flash", 10, 3},
		{"CODING_SCHEME", "", "", 0, 192, 2, Uint, "config", 10, 3},
		{"CONSOLE_DEBUG_DISABLE", "", "", 0, 194, 1, Bool, "config", 15, none},
		{"DISABLE_SDIO_HOST", "", "", 0, 195, 1, Bool, "config", none, none},
		{"ABS_DONE_0", "", "", 0, 196, 1, Bool, "security", 12, none},
		{"ABS_DONE_1", "", "", 0, 197, 1, Bool, "security", 13, none},
		{"JTAG_DISABLE", "DISABLE_JTAG", "", 0, 198, 1, Bool, "jtag", 14, none},
		{"DISABLE_DL_ENCRYPT", "", "", 0, 199, 1, Bool, "security", 15, none},
		{"DISABLE_DL_DECRYPT", "", "", 0, 200, 1, Bool, "security", 15, none},
		{"DISABLE_DL_CACHE", "", "", 0, 201, 1, Bool, "config", 15, none},
		{"KEY_STATUS", "", "", 0, 202, 1, Bool, "security", 10, 3},
	}
}

func fieldTable() []Field {
	rows := fieldRows()
	fields := make([]Field, len(rows))
	for i, r := range rows {
		fields[i] = Field{
			Name: r.name, Aliases: strings.Fields(r.aliases), Other: strings.Fields(r.other),
			Block: r.block, Bit: r.bit, Len: r.len, Kind: r.kind, Category: r.category,
			WriteBit: r.writeBit, ReadBit: r.readBit,
			Derived: r.name == "WAFER_VERSION_MAJOR" || r.name == "PKG_VERSION",
		}
	}
	return fields
}
