package rom

import "github.com/bootsim/bootsim/emu"

// resetNames is the ROM's table of reset reasons (spec 1.2).
var resetNames = [...]string{
	0: "NO_MEAN", 1: "POWERON_RESET", 2: "EXT_SYS_RESET", 3: "SW_RESET", 4: "OWDT_RESET", 5: "DEEPSLEEP_RESET",
	6: "SDIO_RESET", 7: "TG0WDT_SYS_RESET", 8: "TG1WDT_SYS_RESET", 9: "RTCWDT_SYS_RESET", 0xA: "INTRUSION_RESET",
	0xB: "TGWDT_CPU_RESET", 0xC: "SW_CPU_RESET", 0xD: "RTCWDT_CPU_RESET", 0xE: "EXT_CPU_RESET",
	0xF: "RTCWDT_BROWN_OUT_RESET", 0x10: "RTCWDT_RTC_RESET",
}

// Straps (spec 1.2): with bit 4 set the chip boots from flash.
const (
	defaultStrap   = 0x13
	strapFlashBoot = 1 << 4
)

func (s *stage) strap() uint8 {
	if s.dev.Strap == 0 {
		return defaultStrap
	}
	return s.dev.Strap
}

func (s *stage) flashBoot() bool { return s.strap()&strapFlashBoot != 0 }

// banner prints the ROM's date, why the chip starts, and from where.
func (s *stage) banner() {
	date, time := "Jun  8 2016", "00:22:57"
	if s.eco3() {
		date, time = "Jul 29 2019", "12:21:46"
	}
	s.print("ets %s %s", date, time)
	s.print("")
	mode := "DOWNLOAD_BOOT(UART0/UART1/SDIO_REI_REO_V2)"
	if s.flashBoot() {
		mode = "SPI_FAST_FLASH_BOOT"
	}
	cause := s.cause()
	s.print("rst:0x%x (%s),boot:0x%x (%s)", uint8(cause), resetNames[cause], s.strap(), mode)
}

func (s *stage) cause() emu.ResetReason {
	switch c := s.dev.Cause; {
	case c == 0:
		return emu.ResetPowerOn
	case int(c) < len(resetNames):
		return c
	}
	return 0
}

// download is what the ROM does instead of booting when the straps say so.
func (s *stage) download() {
	s.out.End = emu.EndROM
	if s.eco3() && s.dev.Efuses.UARTDownloadDisable() {
		s.print("Download mode is disabled. Restart with GPIO0 high.")
		return
	}
	s.print("waiting for download")
}
