package espefuse

import "github.com/bootsim/bootsim/emu/efuse"

// describe tells in a few words what a field is for.
func (c *chip) describe(f efuse.Field) string {
	if text, ok := c.comments[f.Name]; ok {
		return text
	}
	return descriptions()[f.Name]
}

// descriptions are this project's own but for SPI_PAD_CONFIG_CS0, whose label is
// the reference's: its test suite, and scripts like it, look for that line of a
// burn. All fit the column of a summary.
func descriptions() map[string]string {
	return map[string]string{
		"WR_DIS":                "Bits that write-protect groups of fields",
		"RD_DIS":                "Bits that hide BLOCK1-3 and four fields of BLOCK0",
		"FLASH_CRYPT_CNT":       "Flash is encrypted while its ones are odd",
		"UART_DOWNLOAD_DIS":     "No download mode (chips from v3.0 on)",
		"MAC":                   "Base address from the factory",
		"MAC_CRC":               "Check byte of the factory address",
		"DISABLE_APP_CPU":       "The second core is off",
		"DISABLE_BT":            "The chip has no Bluetooth",
		"CHIP_PACKAGE_4BIT":     "Top bit of the package number",
		"DIS_CACHE":             "No cache: nothing runs from flash",
		"SPI_PAD_CONFIG_HD":     "GPIO for SPIHD",
		"CHIP_PACKAGE":          "Lower three bits of the package number",
		"CHIP_CPU_FREQ_LOW":     "160 MHz at most, if the CPU clock is rated",
		"CHIP_CPU_FREQ_RATED":   "The CPU clock is rated (CHIP_CPU_FREQ_LOW)",
		"BLK3_PART_RESERVE":     "BLOCK3 holds calibration points of the ADC",
		"CHIP_VER_REV1":         "Revision bit 0: v1 and later",
		"CLK8M_FREQ":            "Frequency of the 8 MHz oscillator",
		"ADC_VREF":              "Measured reference of the ADC in mV",
		"XPD_SDIO_REG":          "Regulator of VDD_SDIO is on (XPD_SDIO_FORCE)",
		"XPD_SDIO_TIEH":         "Level of VDD_SDIO (XPD_SDIO_FORCE)",
		"XPD_SDIO_FORCE":        "eFuses set VDD_SDIO, not the strap GPIO12",
		"SPI_PAD_CONFIG_CLK":    "GPIO for SPICLK in place of SD_CLK (GPIO6)",
		"SPI_PAD_CONFIG_Q":      "GPIO for SPIQ in place of SD_DATA_0 (GPIO7)",
		"SPI_PAD_CONFIG_D":      "GPIO for SPID in place of SD_DATA_1 (GPIO8)",
		"SPI_PAD_CONFIG_CS0":    "Override SD_CMD pad (GPIO11/SPICS0)",
		"CHIP_VER_REV2":         "Revision bit 1: v2 and later",
		"VOL_LEVEL_HP_INV":      "Core voltage at full clock, 0 is the highest",
		"WAFER_VERSION_MINOR":   "Minor revision of the silicon",
		"FLASH_CRYPT_CONFIG":    "Which key bits the flash address tweaks",
		"CODING_SCHEME":         "How BLOCK1-3 hold their data",
		"CONSOLE_DEBUG_DISABLE": "ROM stops instead of starting BASIC",
		"DISABLE_SDIO_HOST":     "No SDIO host",
		"ABS_DONE_0":            "Secure boot v1 is on",
		"ABS_DONE_1":            "Secure boot v2 is on",
		"JTAG_DISABLE":          "No debugger can attach",
		"DISABLE_DL_ENCRYPT":    "Download mode does not encrypt",
		"DISABLE_DL_DECRYPT":    "Download mode does not decrypt",
		"DISABLE_DL_CACHE":      "Download mode has no flash cache",
		"KEY_STATUS":            "Marks BLOCK3 as a key (unused)",
		"SECURE_VERSION":        "Its ones are the lowest app version that boots",
		"MAC_VERSION":           "1 when BLOCK3 holds an address",
		"BLOCK1":                "Key of flash encryption",
		"BLOCK2":                "Key of secure boot v1 or digest of v2",
		"BLOCK3":                "Free for the user",
		"CUSTOM_MAC_CRC":        "Check byte of the user's address",
		"CUSTOM_MAC":            "The user's address",
		"ADC1_TP_LOW":           "ADC1 at 150 mV (BLK3_PART_RESERVE)",
		"ADC1_TP_HIGH":          "ADC1 at 850 mV (BLK3_PART_RESERVE)",
		"ADC2_TP_LOW":           "ADC2 at 150 mV (BLK3_PART_RESERVE)",
		"ADC2_TP_HIGH":          "ADC2 at 850 mV (BLK3_PART_RESERVE)",
		"WAFER_VERSION_MAJOR":   "Major revision, from three bits (read only)",
		"PKG_VERSION":           "Package number, from both parts (read only)",
	}
}
