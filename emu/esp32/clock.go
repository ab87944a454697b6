package esp32

import "github.com/bootsim/bootsim/emu"

// clock is virtual time. It advances with instructions, one cycle each, at the
// frequency that the registers set.
type clock struct {
	fed    [3]uint64 // microseconds at which each watchdog was fed last
	cycles uint64    // of the core when the frequency was set last
	before uint64    // microseconds up to then
}

// slowKHz is the frequency of the slow clock.
const slowKHz = 150

// megahertz is the CPU's frequency: SOC_CLK_SEL in RTC_CNTL_CLK_CONF and
// CPUPERIOD_SEL in DPORT_CPU_PER_CONF.
func (m *Machine) megahertz() uint64 {
	if m.stored(rtcClockConf)>>27&3 != 1 {
		return uint64(m.dev.CrystalMHz())
	}
	return [4]uint64{80, 160, 240, 80}[m.stored(dport+0x3C)&3]
}

// busMegahertz is the frequency of the peripherals' bus, which counters of the
// timer groups divide: 80 MHz from the PLL, else the crystal's.
func (m *Machine) busMegahertz() uint64 {
	if m.stored(rtcClockConf)>>27&3 == 1 {
		return 80
	}
	return uint64(m.dev.CrystalMHz())
}

// microseconds is the time since the ROM entered the second stage.
func (m *Machine) microseconds() uint64 {
	return m.clock.before + (m.CPU.Cycles()-m.clock.cycles)/m.megahertz()
}

// retune is the write function of registers that set the CPU's frequency.
func retune(m *Machine, addr, v uint32) {
	m.settle()
	m.clock.before = m.microseconds()
	m.clock.cycles = m.CPU.Cycles()
	m.keep(addr, v)
}

// latch puts the count of the slow clock into TIME0 and TIME1.
func (c *clock) latch(m *Machine, v uint32) {
	if v>>31 == 0 {
		return
	}
	ticks := m.microseconds() * slowKHz / 1000
	m.keep(rtcTime0, uint32(ticks))
	m.keep(rtcTime0+4, uint32(ticks>>32))
}

// cause is why the chip started.
func (m *Machine) cause() emu.ResetReason {
	if m.dev.Cause == 0 {
		return emu.ResetPowerOn
	}
	return m.dev.Cause
}

// Reset causes that code brings about.
const (
	causeSoftware    = emu.ResetSoftware
	causeSoftwareCPU = emu.ResetReason(0xC)
)
