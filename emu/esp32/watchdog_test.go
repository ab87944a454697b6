package esp32

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// lit is a constant in a register, by code that needs no literals.
func lit(reg string, v uint32) string {
	s := fmt.Sprintf("movi %s, %d\n", reg, v>>24)
	for shift := 16; shift >= 0; shift -= 8 {
		s += fmt.Sprintf("slli %s, %s, 8\nmovi a15, %d\nor %s, %s, a15\n", reg, reg, v>>shift&0xFF, reg, reg)
	}
	return s
}

// store is code that writes a register.
func store(addr, v uint32) string { return lit("a2", addr) + lit("a3", v) + "s32i a3, a2, 0\n" }

// asking is a loop that reads a register for ever.
func asking(addr uint32) string { return lit("a2", addr) + "wait: l32i a6, a2, 0\nj wait\n" }

// unguarded switches the guard of the boot off, as all bootloaders do.
var unguarded = store(timerGroup+0x48, 0)

// A watchdog ends a loop that asks the hardware for ever, with the reset that
// its stages ask for: periods add up, and stages without a reset let the next
// begin.
func TestWatchdogsBite(t *testing.T) {
	const group1 = timerGroup + 0x1000
	rtc := func(conf uint32) string {
		return store(rtcWDTConf1, 1500) + store(rtcWDTConf1+4, 1500) + store(rtcWDTConf0, conf)
	}
	// 40 MHz, divided by 4000: 100 us a tick.
	group := func(base, conf uint32) string {
		return store(base+0x4C, 4000<<16) + store(base+0x50, 100) + store(base+0x54, 100) + store(base+0x48, conf)
	}
	for name, c := range map[string]struct {
		code, want string
		ms         int // at which it bites, 0: never
	}{
		"of the boot":             {"", "the watchdog of timer group 0 bites: rst:0x7", 650},
		"no watchdog":             {unguarded, "", 0},
		"RTC, chip":               {unguarded + rtc(watchdogOn|stageResetChip<<28), "of the RTC bites: rst:0x10", 10},
		"RTC, system":             {unguarded + rtc(watchdogOn|stageResetSystem<<28), "of the RTC bites: rst:0x9", 10},
		"RTC, second stage":       {unguarded + rtc(watchdogOn|1<<28|stageResetCPU<<25), "of the RTC bites: rst:0xd", 20},
		"RTC, chip in the second": {unguarded + rtc(watchdogOn|1<<28|stageResetChip<<25), "of the RTC bites: rst:0x10", 20},
		"RTC, no such action":     {unguarded + rtc(watchdogOn|7<<28|5<<25), "", 0},
		"RTC, interrupts":         {unguarded + rtc(watchdogOn|1<<28|1<<25|1<<22|1<<19), "", 0},
		"RTC, off":                {unguarded + rtc(stageResetChip<<28), "", 0},
		"RTC, locked":             {unguarded + store(rtcBase+0xA4, 0) + rtc(watchdogOn|stageResetChip<<28), "", 0},
		"group 0, system":         {group(timerGroup, watchdogOn|stageResetSystem<<29), "of timer group 0 bites: rst:0x7", 10},
		"group 1, system":         {unguarded + group(group1, watchdogOn|stageResetSystem<<29), "of timer group 1 bites: rst:0x8", 10},
		"group 1, second, CPU":    {unguarded + group(group1, watchdogOn|1<<29|stageResetCPU<<27), "of timer group 1 bites: rst:0xb", 20},
		"group 1, off":            {unguarded + group(group1, stageResetSystem<<29), "", 0},
		"group 1, guards no boot": {unguarded + group(group1, flashBoot), "", 0},
		"group 1, interrupt":      {unguarded + group(group1, watchdogOn|flashBoot|1<<29), "", 0},
	} {
		budget := uint64(c.ms+60) * 40_000
		m := board(t, program(c.code+asking(rtcState)), Options{Budget: budget})
		r := m.Run()
		if c.ms == 0 {
			require.Equal(t, OutOfSteps, r.How, "%s: %s", name, r.Text)
			continue
		}
		require.Equal(t, Spinning, r.How, name)
		require.Contains(t, r.Text, c.want, name)
		require.GreaterOrEqual(t, m.microseconds(), uint64(c.ms)*1000, name)
		r = board(t, program(c.code+asking(rtcState)), Options{Budget: budget, Emulated: true}).Run()
		require.Equal(t, OutOfSteps, r.How, "%s: recordings have no watchdogs", name)
	}
}

// Stages follow each other: the second begins where the first ends.
func TestStagesFollowEachOther(t *testing.T) {
	d := dog{on: true, stages: [4]stage{{1, 100}, {0, 50}, {stageResetCPU, 30}, {stageResetSystem, 10}}, resets: [8]uint8{stageResetCPU: 0xB, stageResetSystem: 7}}
	for elapsed, want := range map[uint64]bool{0: false, 101: false, 151: false, 180: false, 181: true, 1000: true} {
		_, bites := d.bites(elapsed)
		require.Equal(t, want, bites, elapsed)
	}
	d.stages[2].action = 1
	reset, bites := d.bites(191)
	require.True(t, bites)
	require.EqualValues(t, 7, reset)
}

// What comes too late feeds nothing, and the report tells of a second CPU.
func TestWatchdogIsFedTooLate(t *testing.T) {
	m := board(t, program(""), Options{})
	m.storeRegister(timerGroup+0x48, 0)
	m.storeRegister(rtcWDTConf1, 15)
	m.storeRegister(rtcWDTConf0, watchdogOn|stageResetChip<<28)
	m.CPU.Skip(40 * 99)
	m.storeRegister(rtcBase+0xA0, watchdogOn)
	require.Nil(t, m.result)
	m.storeRegister(secondCPU, codeAt)
	m.CPU.Skip(40 * 101)
	m.storeRegister(rtcBase+0xA0, watchdogOn)
	require.Equal(t, "the watchdog of the RTC bites: rst:0x10; the second CPU was started, and does not run here", m.result.Text)
}

// What feeds in time is left alone; a write with the registers locked feeds
// nothing; and a pause that is too long is found when it is over.
func TestWatchdogsAreFed(t *testing.T) {
	on := unguarded + store(rtcWDTConf1, 15000) + store(rtcWDTConf0, watchdogOn|stageResetChip<<28) // 100 ms
	feed := func(value uint32) string {
		return lit("a4", rtcBase+0xA0) + lit("a5", value) + lit("a6", 1000) + "again: " + lit("a7", 1_000_000) +
			"pause: addi a7, a7, -1\nbnez a7, pause\ns32i a5, a4, 0\naddi a6, a6, -1\nbnez a6, again\n"
	}
	r := board(t, program(on+feed(watchdogOn)), Options{Budget: 20 << 20}).Run()
	require.Equal(t, OutOfSteps, r.How, r.Text)
	r = board(t, program(on+store(rtcBase+0xA4, 1)+feed(watchdogOn)), Options{Budget: 20 << 20}).Run()
	require.Equal(t, Spinning, r.How)
	m := board(t, program(on), Options{})
	m.Run()
	require.NotContains(t, m.result.Text, "watchdog")
	m.result = nil
	m.CPU.SetA(10, 200_000)
	m.poke(ticksPerUs, 40)
	m.Call(m.CPU, named(t, "ets_delay_us").Addr, codeAt, 10)
	require.Contains(t, m.result.Text, "of the RTC bites")
}

// Step by step a watchdog bites as well.
func TestWatchdogsBiteInSteps(t *testing.T) {
	m := board(t, program(unguarded+store(rtcWDTConf1, 1500)+store(rtcWDTConf0, watchdogOn|stageResetChip<<28)+asking(rtcState)), Options{})
	_, done := m.Advance(4<<20, nil)
	require.True(t, done)
	require.Contains(t, m.Result().Text, "of the RTC bites")
}

// A counter of a timer group counts bus cycles, divided, up or down, from where
// it was loaded, for as long as it is on.
func TestTimersCount(t *testing.T) {
	m := board(t, program(""), Options{})
	rapid.Check(t, func(t *rapid.T) {
		group := rapid.Uint32Range(0, 1).Draw(t, "group")
		timer := timers[rapid.IntRange(0, 2).Draw(t, "timer")]
		base := timerGroup + group*0x1000
		divider := rapid.Uint32Range(2, 0xFFFF).Draw(t, "divider")
		from := rapid.Uint64().Draw(t, "from")
		up := rapid.Uint32Range(0, 1).Draw(t, "up")
		pause := rapid.Uint64Range(0, 10_000_000).Draw(t, "microseconds")
		read := func() uint64 {
			m.storeRegister(base+timer.update, 1)
			return uint64(m.loadRegister(base+timer.low)) | uint64(m.loadRegister(base+timer.low+4))<<32
		}
		m.storeRegister(base+timer.config, 0)
		m.storeRegister(base+timer.loadLow, uint32(from))
		m.storeRegister(base+timer.loadLow+4, uint32(from>>32))
		m.storeRegister(base+timer.load, 1)
		m.CPU.Skip(pause * 40)
		require.Equal(t, from, read(), "it is off")
		m.storeRegister(base+timer.config, 1<<31|up<<30|divider<<13)
		m.CPU.Skip(pause * 40)
		ticks := pause * 40 / uint64(divider)
		if up == 0 {
			ticks = -ticks
		}
		require.Equal(t, from+ticks, read())
		require.Equal(t, from+ticks, uint64(m.loadRegister(base+timer.low))|uint64(m.loadRegister(base+timer.low+4))<<32)
	})
}

// From the PLL the bus has 80 MHz, from that moment on.
func TestTimersFollowTheClock(t *testing.T) {
	m := board(t, program(""), Options{})
	m.storeRegister(timerGroup, 1<<31|1<<30|40<<13)
	m.CPU.Skip(1000 * 40)
	m.storeRegister(rtcClockConf, 1<<27)
	m.storeRegister(dport+0x3C, 2) // 240 MHz
	m.CPU.Skip(1000 * 240)
	m.storeRegister(timerGroup+0x0C, 1)
	require.EqualValues(t, 1000+2000, m.loadRegister(timerGroup+0x04))
}
