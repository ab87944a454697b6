package esp32

// timerGroup is the base of timer group 0; that of group 1 follows.
const timerGroup = 0x3FF5F000

// timers are the counters of a group: two timers and the one that esp_timer of
// ESP-IDF v4.2 and later counts with. Where their registers are is counted from
// the group's base; reset is what CONFIG holds then: up, undivided.
var timers = [...]struct {
	name                                      string
	config, low, update, loadLow, load, reset uint32
}{
	{"T0", 0x00, 0x04, 0x0C, 0x18, 0x20, 0x60002000},
	{"T1", 0x24, 0x28, 0x30, 0x3C, 0x44, 0x60002000},
	{"LACT", 0x70, 0x78, 0x80, 0x8C, 0x94, 0x60002300},
}

// counter is where one of them stood at a time.
type counter struct {
	count uint64
	since uint64 // microseconds
}

// timerBlock is a timer group: its counters, its watchdog, and the calibration
// of the slow clock, which answers at once. Alarms ask for interrupts, which are
// not delivered.
func timerBlock(n uint32) block {
	base := timerGroup + n*0x1000
	calibrate := func(m *Machine, addr, v uint32) {
		m.keep(addr, v|1<<15)
		cycles := uint64(v >> 16 & 0x7FFF)
		m.keep(addr+4, m.calibration(cycles, v>>13&3))
	}
	b := block{"TIMG" + string(rune('0'+n)), base, "ESP-IDF v5.2.2 soc/esp32/timer_group_reg.h; spec exec 4.7", []register{
		{name: "RTCCALICFG", off: 0x68, write: calibrate}, {name: "RTCCALICFG1", off: 0x6C, write: ignore},
		{name: "LACTRTC", off: 0x74}, {name: "INT_ENA", off: 0x98, count: 4},
	}}
	b.registers = append(b.registers, watched(int(n), base+0x64,
		register{name: "WDTCONFIG0", off: 0x48, reset: 0x4C000}, register{name: "WDTCONFIG1", off: 0x4C, reset: 1 << 16},
		register{name: "WDTCONFIG2", off: 0x50, reset: 26_000_000}, register{name: "WDTCONFIG3", off: 0x54, reset: 0x7FFFFFF},
		register{name: "WDTCONFIG4", off: 0x58, reset: 0xFFFFF}, register{name: "WDTCONFIG5", off: 0x5C, reset: 0xFFFFF},
		register{name: "WDTFEED", off: 0x60},
	)...)
	for i := range timers {
		b.registers = append(b.registers, timerRegisters(int(n), i)...)
	}
	return b
}

// timerRegisters are those of one counter.
func timerRegisters(group, i int) []register {
	t := timers[i]
	base := timerGroup + uint32(group)*0x1000
	return []register{
		{name: t.name + "CONFIG", off: t.config, reset: t.reset, write: func(m *Machine, addr, v uint32) {
			m.settle()
			m.keep(addr, v)
		}},
		{name: t.name + "LO", off: t.low, count: 2, write: ignore},
		{name: t.name + "UPDATE", off: t.update, write: func(m *Machine, _, _ uint32) {
			m.settle()
			count := m.counters[group][i].count
			m.keep(base+t.low, uint32(count))
			m.keep(base+t.low+4, uint32(count>>32))
		}},
		{name: t.name + "ALARMLO", off: t.update + 4, count: 2},
		{name: t.name + "LOADLO", off: t.loadLow, count: 2},
		{name: t.name + "LOAD", off: t.load, write: func(m *Machine, _, _ uint32) {
			m.counters[group][i] = counter{uint64(m.stored(base+t.loadLow)) | uint64(m.stored(base+t.loadLow+4))<<32, m.microseconds()}
		}},
	}
}

// settle takes down where all counters stand, before what they count changes.
func (m *Machine) settle() {
	now := m.microseconds()
	for group := range m.counters {
		for i := range m.counters[group] {
			c := &m.counters[group][i]
			*c = counter{m.counted(timerGroup+uint32(group)*0x1000+timers[i].config, c), now}
		}
	}
}

// counted is where a counter stands now: bit 31 of its CONFIG starts it, bit 30
// lets it count up, bits 28 to 13 divide the bus clock (0 stands for 65536).
func (m *Machine) counted(config uint32, c *counter) uint64 {
	conf := m.stored(config)
	if conf>>31 == 0 {
		return c.count
	}
	divider := uint64(conf >> 13 & 0xFFFF)
	if divider == 0 {
		divider = 1 << 16
	}
	ticks := (m.microseconds() - c.since) * m.busMegahertz() / divider
	if conf>>30&1 == 0 {
		return c.count - ticks
	}
	return c.count + ticks
}

// calibration is how many crystal cycles a number of cycles of a slow clock
// take, in the place where RTCCALICFG1 has it.
func (m *Machine) calibration(cycles uint64, source uint32) uint32 {
	hertz := [4]uint64{slowKHz * 1000, 8_000_000 / 256, 32768, slowKHz * 1000}[source]
	return uint32(cycles*uint64(m.dev.CrystalMHz())*1_000_000/hertz) << 7
}
