package esp32

const rtcBase = 0x3FF48000

// Registers that the machine itself looks at.
const (
	rtcOptions0  = rtcBase
	rtcTime0     = rtcBase + 0x10
	rtcState     = rtcBase + 0x34
	rtcClockConf = rtcBase + 0x70
	rtcWDTConf0  = rtcBase + 0x8C
	rtcWDTConf1  = rtcBase + 0x90
)

// Bits of RTC_CNTL_OPTIONS0 that reset.
const (
	resetSystem = 1 << 31
	resetProCPU = 1 << 5
)

func rtcBlock() block {
	return block{"RTC_CNTL", rtcBase, "ESP-IDF v5.2.2 soc/esp32/rtc_cntl_reg.h; spec exec 4.6", append([]register{
		{name: "OPTIONS0", off: 0x00, write: rtcOptions},
		{name: "SLP_TIMER0", off: 0x04, count: 2},
		{name: "TIME_UPDATE", off: 0x0C, read: always(1 << 30), write: func(m *Machine, _, v uint32) { m.clock.latch(m, v) }},
		{name: "TIME0", off: 0x10, count: 2}, {name: "STATE0", off: 0x18}, {name: "TIMER1", off: 0x1C, count: 5},
		{name: "ANA_CONF", off: 0x30},
		{name: "RESET_STATE", off: 0x34, read: resetState, write: ignore},
		{name: "WAKEUP_STATE", off: 0x38}, {name: "INT_ENA", off: 0x3C, count: 4},
		{name: "STORE0", off: 0x4C, count: 4}, {name: "EXT_XTL_CONF", off: 0x5C}, {name: "EXT_WAKEUP_CONF", off: 0x60},
		{name: "SLP_REJECT_CONF", off: 0x64}, {name: "CPU_PERIOD_CONF", off: 0x68}, {name: "SDIO_ACT_CONF", off: 0x6C},
		{name: "CLK_CONF", off: 0x70, reset: 0x20000000, write: retune}, {name: "SDIO_CONF", off: 0x74}, {name: "BIAS_CONF", off: 0x78},
		{name: "REG", off: 0x7C}, {name: "PWC", off: 0x80}, {name: "DIG_PWC", off: 0x84}, {name: "DIG_ISO", off: 0x88},
		{name: "SW_CPU_STALL", off: 0xAC},
		{name: "STORE4", off: 0xB0}, {name: "STORE5", off: 0xB4, reset: 0x18CB18CB}, {name: "STORE6", off: 0xB8}, {name: "STORE7", off: 0xBC},
		{name: "LOW_POWER_ST", off: 0xC0}, {name: "DIAG1", off: 0xC4}, {name: "HOLD_FORCE", off: 0xC8},
		{name: "EXT_WAKEUP1", off: 0xCC, count: 2}, {name: "BROWN_OUT", off: 0xD4}, {name: "TEST_MUX", off: 0xA8},
		{name: "DATE", off: 0x13C, reset: 0x1604280},
	}, watchdogRegisters()...)}
}

// watchdogRegisters is the RTC watchdog.
func watchdogRegisters() []register {
	return watched(rtcDogNumber, rtcBase+0xA4,
		register{name: "WDTCONFIG0", off: 0x8C}, register{name: "WDTCONFIG1", off: 0x90},
		register{name: "WDTCONFIG2", off: 0x94}, register{name: "WDTCONFIG3", off: 0x98}, register{name: "WDTCONFIG4", off: 0x9C},
		register{name: "WDTFEED", off: 0xA0},
	)
}

func rtcOptions(m *Machine, addr, v uint32) {
	m.keep(addr, v)
	switch {
	case v&resetSystem != 0:
		m.reset(causeSoftware)
	case v&resetProCPU != 0:
		m.reset(causeSoftwareCPU)
	}
}

// resetState is why both CPUs started, and where their vectors are.
func resetState(m *Machine, _ uint32) uint32 {
	cause := uint32(m.cause())
	return cause | cause<<6 | 3<<12
}
