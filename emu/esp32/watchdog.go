package esp32

import "fmt"

// watchdogKey opens a watchdog's registers. Its register holds it after a reset.
const watchdogKey = 0x50D83AA1

// What a watchdog does at the end of a stage. An interrupt is not delivered.
const (
	stageResetCPU    = 2
	stageResetSystem = 3
	stageResetChip   = 4 // of the RTC's alone
)

// stage is one of the four periods that follow each other until the watchdog is
// fed.
type stage struct {
	action uint32
	period uint64 // in microseconds
}

// dog is a watchdog by its registers. Its resets are what the ROM calls "rst:"
// afterwards (spec 1.2), by the action of the stage that bites; 0 where an action
// resets nothing.
type dog struct {
	name   string
	on     bool
	stages [4]stage
	resets [8]uint8
}

// dogs returns the three watchdogs as their registers are now: those of the
// timer groups and the RTC's.
func (m *Machine) dogs() [3]dog {
	return [3]dog{m.groupDog(0), m.groupDog(1), m.rtcDog()}
}

// rtcDogNumber is where dogs and clock.fed have the RTC's watchdog, behind those
// of the timer groups.
const rtcDogNumber = 2

// Bits of a timer group's WDTCONFIG0 (ESP-IDF v5.2.2, timer_group_reg.h).
const (
	watchdogOn = 1 << 31
	flashBoot  = 1 << 14
)

// groupDog is the watchdog of a timer group. Until the second stage says
// otherwise, that of group 0 guards the boot: its first stage resets the chip
// (ESP-IDF v5.2.2, bootloader_init.c, bootloader_config_wdt). Group 1 has the same
// bit, guards nothing by it, and keeps it in applications (v3.3.6, int_wdt.c).
func (m *Machine) groupDog(n uint32) dog {
	base := timerGroup + n*0x1000
	conf := m.stored(base + 0x48)
	guards := n == 0 && conf&flashBoot != 0
	d := dog{name: fmt.Sprintf("of timer group %d", n), on: guards || conf&watchdogOn != 0}
	d.resets[stageResetCPU], d.resets[stageResetSystem] = 0xB, uint8(7+n)
	prescale := uint64(max(m.stored(base+0x4C)>>16, 1))
	for i := range d.stages {
		hold := uint64(m.stored(base + 0x50 + 4*uint32(i)))
		d.stages[i] = stage{conf >> (29 - 2*i) & 3, hold * prescale / m.busMegahertz()}
	}
	if guards {
		d.stages[0].action = stageResetSystem
	}
	return d
}

func (m *Machine) rtcDog() dog {
	conf := m.stored(rtcWDTConf0)
	d := dog{name: "of the RTC", on: conf&watchdogOn != 0}
	d.resets[stageResetCPU], d.resets[stageResetSystem], d.resets[stageResetChip] = 0xD, 9, 0x10
	for i := range d.stages {
		d.stages[i] = stage{conf >> (28 - 3*i) & 7, uint64(m.stored(rtcWDTConf1+4*uint32(i))) * 1000 / slowKHz}
	}
	return d
}

// bites tells whether it resets within a time after it was fed, and with what.
func (d *dog) bites(elapsed uint64) (reset uint8, ok bool) {
	end := uint64(0)
	for _, s := range d.stages {
		if end += s.period; !d.on || elapsed <= end {
			return 0, false
		}
		if reset = d.resets[s.action]; reset != 0 {
			return reset, true
		}
	}
	return 0, false // it has only asked for interrupts, and starts anew
}

// secondCPU is where the application CPU is to begin: 0 until code starts it.
const secondCPU = dport + 0x38

// guard ends the run when a watchdog has bitten by now.
func (m *Machine) guard() {
	if m.options.Emulated {
		return
	}
	now := m.microseconds()
	for i, d := range m.dogs() {
		if reset, ok := d.bites(now - m.clock.fed[i]); ok {
			text := fmt.Sprintf("the watchdog %s bites: rst:0x%x", d.name, reset)
			if m.stored(secondCPU) != 0 {
				text += "; the second CPU was started, and does not run here"
			}
			m.finish(Result{How: Spinning, Text: text})
			return
		}
	}
}

// watched makes the registers of a watchdog: they take what is written to them
// while the key is in WDTWPROTECT, and every such write feeds it.
func watched(dog int, protect uint32, registers ...register) []register {
	for i := range registers {
		registers[i].write = func(m *Machine, addr, v uint32) {
			if m.stored(protect) != watchdogKey {
				return
			}
			m.guard() // before it is fed
			m.keep(addr, v)
			m.clock.fed[dog] = m.microseconds()
		}
	}
	return append(registers, register{name: "WDTWPROTECT", off: protect & 0xFFF, reset: watchdogKey})
}
