package bootloader

import "github.com/bootsim/bootsim/emu/idf"

// earlyInit is the version from which the start-up code is split by chip: other
// tags, and the banner comes first.
const earlyInit = "4.1-dev-1637"

// startMessages is what a bootloader prints before the partition table (spec 2.2, 2.3).
// Lines whose text the compiler completes ("compile time " __TIME__) are given
// with %s.
func startMessages() map[messageID]history {
	return map[messageID]history{
		msgChipRevisionEarly: always('I', "boot", "Chip Revision: %d"),
		msgCrystal: {
			{idf.MustSince("3.0-dev-610"), message{'W', "rtc_clk", "Possibly invalid CONFIG_ESP32_XTAL_FREQ setting (%dMHz). Detected %d MHz."}},
			{idf.MustSince("3.2-dev-567"), message{'W', "rtc_clk_init", "Possibly invalid CONFIG_ESP32_XTAL_FREQ setting (%dMHz). Detected %d MHz."}},
			{idf.MustSince("5.0-beta1-167 5.1-dev-35"), message{'W', "rtc_clk_init", "Possibly invalid CONFIG_XTAL_FREQ setting (%dMHz). Detected %d MHz."}},
			{idf.MustSince("5.4-dev-2289"), message{'W', "rtc_clk_init", "Possibly invalid CONFIG_XTAL_FREQ setting (%dMHz). Detected %dMHz."}},
		},
		msgDetected: reworded('I', "boot", "3.0-dev-1109", "Detected %s", "3.0-rc1-80 3.1-dev-60", ""),
		msgNoXMC: reworded('D', "bootloader_flash", "3.3.5-332 4.0.3-144 4.1.3-187 4.2.3-125 4.3.1-282 4.4-dev-2614",
			"non-XMC chip detected by SFDP Read (%02X), skip."),
		msgBanner:      always('I', "boot", "ESP-IDF %s 2nd stage bootloader"),
		msgCompileTime: always('I', "boot", "compile time %s"),
		msgMulticore:   reworded('I', "boot", "4.4.5-341 5.0.2-153 5.1-dev-4342", "Multicore bootloader"),
		msgUnicore:     reworded('W', "boot", "4.4.5-341 5.0.2-153 5.1-dev-4342", "Unicore bootloader"),
		msgChipRevision: reworded('I', "boot", earlyInit, "chip revision: %d",
			"5.0-dev-4024", "chip revision: V%03d",
			"4.3.4-370 4.4.3-355 5.0-rc1-2 5.1-dev-1635", "chip revision: v%d.%d"),
		msgOwnHeaderFailed: reworded('E', "boot", "", "failed to load bootloader header!",
			earlyInit, "failed to load bootloader image header!"),
		msgCPURated: {
			{idf.MustSince("3.1-dev-601"), message{'E', "boot", "Chip CPU frequency rated for 160MHz. Modify CPU frequency in menuconfig"}},
			{idf.MustSince("4.1-dev-811"), message{'E', "boot", "Chip CPU frequency rated for %dMHz, configured for %dMHz. Modify CPU frequency in menuconfig"}},
			{idf.MustSince(earlyInit), message{'E', "boot.esp32", "Chip CPU frequency rated for %dMHz, configured for %dMHz. Modify CPU frequency in menuconfig"}},
			{idf.MustSince("5.0.8-120 5.4-dev-2289"), message{'E', "boot.esp32", "Chip CPU freq rated for %dMHz, configured for %dMHz. Modify CPU freq in menuconfig"}},
		},
		msgResetByWDT:    resetByWDT("PRO"),
		msgResetByWDTApp: resetByWDT("APP"),
		msgPinsOverridden: {
			{idf.Always(), message{'E', "boot", `SPI flash pins are overridden. "Enable SPI flash ROM driver patched functions" must be enabled in menuconfig`}},
			{idf.MustSince(earlyInit), message{'E', "boot.esp32", "SPI flash pins are overridden. Enable CONFIG_SPI_FLASH_ROM_DRIVER_PATCH in menuconfig"}},
			{idf.MustSince("6.0-dev-3163"), message{}},
		},
		msgWatchdog:       reworded('D', "boot", "3.2-dev-725", "Enabling RTCWDT(%d ms)"),
		msgRNGOn:          always('I', "boot", "Enabling RNG early entropy source..."),
		msgHeaderMagic:    retagged('D', "boot", "magic %02x", earlyInit, "boot.esp32"),
		msgHeaderSegments: retagged('D', "boot", "segments %02x", earlyInit, "boot.esp32"),
		msgHeaderMode:     retagged('D', "boot", "spi_mode %02x", earlyInit, "boot.esp32"),
		msgHeaderSpeed:    retagged('D', "boot", "spi_speed %02x", earlyInit, "boot.esp32"),
		msgHeaderSize:     retagged('D', "boot", "spi_size %02x", earlyInit, "boot.esp32"),
		msgSPISpeed:       retagged('I', "boot", "SPI Speed      : %s", earlyInit, "boot.esp32"),
		msgSPIMode:        retagged('I', "boot", "SPI Mode       : %s", earlyInit, "boot.esp32"),
		msgFlashSize:      retagged('I', "boot", "SPI Flash Size : %s", earlyInit, "boot.esp32"),
		msgQIOProbe:       always('D', "qio_mode", "Probing for QIO mode enable..."),
		msgQIORawID:       always('D', "qio_mode", "Raw SPI flash chip id 0x%x"),
		msgQIOChipID:      always('D', "qio_mode", "Manufacturer ID 0x%02x chip ID 0x%04x"),
		msgQIOFound:       always('I', "qio_mode", "Enabling QIO for flash chip %s"),
		msgQIODefault:     always('I', "qio_mode", "Enabling default flash chip QIO"),
		msgQIOStatus:      always('D', "qio_mode", "Initial flash chip status 0x%x"),
		msgQIOFailed:      always('E', "qio_mode", "Failed to set QIE bit, not enabling QIO mode"),
		msgChipIDMismatch: always('E', "boot_comm", "mismatch chip ID, expected %d, found %d"),
		msgRevisionLow: reworded('E', "boot_comm", "", "can't run on lower chip revision, expected %d, found %d",
			"4.3-beta3-60 4.4-dev-1045", "This chip is revision %d but the application is configured for minimum revision %d. Can't run.",
			"4.3.4-434 4.4.4-231 5.0-528 5.1-dev-1635", "Image requires chip rev >= v%d.%d, but chip is v%d.%d",
			"5.5-dev-2944", "chip revision check failed. Required >= v%d.%d, found v%d.%d."),
		msgRevisionHigh: reworded('E', "boot_comm", "4.4.4-231 5.0-528 5.1-dev-1635", "Image requires chip rev <= v%d.%d, but chip is v%d.%d",
			"5.5-dev-2944", "chip revision check failed. Required <= v%d.%d, found v%d.%d."),
		msgRevisionNote: always('I', "boot_comm", "chip revision: %d, min. %s chip revision: %d"),
	}
}

func resetByWDT(cpu string) history {
	text := cpu + " CPU has been reset by WDT"
	return history{
		{idf.Always(), message{'W', "boot", text + "."}},
		{idf.MustSince(earlyInit), message{'W', "boot.esp32", text + "."}},
		{idf.MustSince("5.4-dev-2289"), message{'W', "boot.esp32", text}},
	}
}
