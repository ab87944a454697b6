package esp32

import (
	"fmt"

	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/rom"
	"github.com/bootsim/bootsim/emu/xtensa"
)

// How is the way in which a run ended.
type How uint8

// The ways.
const (
	Entered    How = iota // jumped into an application
	Reset                 // reset the chip
	Returned              // returned to the ROM
	Aborted               // abort()
	Excepted              // took an exception, whose ROM handler prints and spins
	Spinning              // endless loop, or the watchdog's bite
	OutOfSteps            // the budget is used up
	Unmodelled            // something has no model: Text names it
	Cut                   // the journal's interceptor stopped the machine
)

// Result is how a run ended.
type Result struct {
	How   How
	PC    uint32 // where the core stood
	Entry uint32 // address jumped to
	// Image is the flash address of the image that holds the application, where
	// Found.
	Image uint32
	Found bool
	Cause emu.ResetReason // of the reset
	// Exception and the flash address behind what was accessed, where one is.
	Exception xtensa.Exception
	Behind    Behind
	Text      string
	// Steps of the loader and of the application, in instructions.
	Steps, AppSteps uint64
	App             *Result // how the application's first steps ended
}

// Behind is the flash content behind an address in a window.
type Behind struct {
	Addr, Flash uint32
	Mapped      bool // the address is in a window and its page is valid
	InWindow    bool
}

// slice is how many instructions run between two looks at clock and loops.
const slice = 1 << 20

// Run executes the second stage until it starts an application or ends in
// another way, and after the jump the application for as long as the options
// say.
func (m *Machine) Run() Result {
	r := m.stage(m.options.Budget)
	r.Steps = m.CPU.Instructions()
	if r.How != Entered || m.options.AppSteps == 0 {
		return r
	}
	m.result = nil
	m.CPU.Watch = nil
	app := m.stage(m.options.AppSteps)
	app.AppSteps = m.CPU.Instructions() - r.Steps
	r.AppSteps, r.App = app.AppSteps, &app
	return r
}

// stage executes up to steps instructions.
func (m *Machine) stage(steps uint64) Result {
	end := m.CPU.Instructions() + steps
	for m.CPU.Instructions() < end {
		stop := m.CPU.Run(min(slice, end-m.CPU.Instructions()))
		if m.judge(stop) {
			return *m.result
		}
	}
	m.finish(Result{How: OutOfSteps})
	return *m.result
}

// judge looks at why the core stopped and tells whether the run is over.
func (m *Machine) judge(s xtensa.Stop) bool {
	if m.faulted {
		m.faulted = false
		m.exception()
		return true
	}
	if m.result != nil {
		return true
	}
	switch s.Kind {
	case xtensa.StopLimit:
		m.idle()
	case xtensa.StopJump:
		m.jump(s.PC)
	case xtensa.StopNative:
		m.enteredROM(s)
	case xtensa.StopSpin, xtensa.StopWait:
		m.finish(Result{How: Spinning})
	case xtensa.StopBreak:
		m.finish(Result{How: Unmodelled, Text: fmt.Sprintf("a breakpoint instruction at 0x%08x without a debugger", s.From)})
	case xtensa.StopAbsent:
		m.finish(Result{How: Unmodelled, Text: fmt.Sprintf("%s at 0x%08x", s.Text, s.From)})
	}
	return m.result != nil
}

// idle looks at the watchdogs, and for loops that nothing can end.
func (m *Machine) idle() {
	m.guard()
	if m.result == nil && m.CPU.Spins() {
		m.finish(Result{How: Spinning})
	}
}

// jump decides whether a jump out of the loader's own code starts an
// application.
func (m *Machine) jump(to uint32) {
	if image, ok := m.imageOf(to); ok {
		m.finish(Result{How: Entered, Entry: to, Image: image, Found: true})
	}
}

// enteredROM is execution in ROM by something else than a call: the vectors, or
// the return of the second stage.
func (m *Machine) enteredROM(s xtensa.Stop) {
	switch s.PC {
	case romReturn:
		m.finish(Result{How: Returned})
	case vectorBase + xtensa.VectorUser, vectorBase + xtensa.VectorKernel, vectorBase + xtensa.VectorDouble:
		m.exception()
	default:
		m.finish(Result{How: Unmodelled, Text: fmt.Sprintf("a jump into the ROM at 0x%08x (after %s)", s.PC, nearest(s.PC))})
	}
}

// exception ends the run as the ROM's handler does.
func (m *Machine) exception() {
	e := m.CPU.Exception()
	if m.peek(uartDevice) != consoleBaud {
		// The loader has overwritten the ROM's own data: its handler is silent.
		m.finish(Result{How: Spinning, Exception: e, Behind: m.behind(e), Text: "an exception whose handler has lost its data"})
		return
	}
	for _, line := range rom.Fatal(uint8(e.Cause), e.Address) {
		m.console.print(line + "\n")
	}
	m.finish(Result{How: Excepted, Exception: e, Behind: m.behind(e)})
}

// behind tells which flash content an exception is about: the data that was
// accessed, else the instruction.
func (m *Machine) behind(e xtensa.Exception) Behind {
	addr := e.PC
	if inDataWindow(e.Address) || inCodeWindow(e.Address) {
		addr = e.Address
	}
	b := Behind{Addr: addr, InWindow: inDataWindow(addr) || inCodeWindow(addr)}
	if b.InWindow {
		b.Flash, b.Mapped = m.cache.translate(addr)
	}
	return b
}

// finish ends the run. The first reason counts.
func (m *Machine) finish(r Result) {
	if m.result == nil {
		r.PC = m.where()
		m.result = &r
	}
	m.CPU.Halt("finished")
}

func (m *Machine) reset(cause emu.ResetReason) { m.finish(Result{How: Reset, Cause: cause}) }

// cut ends the run where an operation on flash or eFuses failed: fault
// injection.
func (m *Machine) cut(err error) {
	m.finish(Result{How: Cut, Text: "the machine stopped: " + err.Error()})
}

func (c *console) print(s string) {
	for _, b := range []byte(s) {
		c.put(b)
	}
}
