// Package esp32 is the classic ESP32 as code sees it that runs on its PRO CPU:
// memory with its aliases, the flash cache with its MMU and transparent
// decryption, the peripherals that bootloaders touch, and the functions of the
// mask ROM, served by address. It executes a second stage bootloader as it
// ships, from the ROM's jump on.
//
// Every register and ROM function is listed in a table with its source; what is
// not listed ends the run with a report that names it. docs/engine.md has the
// lists. Facts are from spec exec, unless a file says otherwise.
package esp32

import (
	"fmt"
	"slices"

	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/rom"
	"github.com/bootsim/bootsim/emu/xtensa"
	"github.com/bootsim/bootsim/flashmodel"
)

// Options are how a machine is to run.
type Options struct {
	// Budget is how many instructions may be executed up to the application;
	// 0 stands for DefaultBudget.
	Budget uint64
	// AppSteps is how many instructions of the application are executed after
	// the jump.
	AppSteps uint64
	// Emulated makes the machine what Espressif's QEMU fork is where that is
	// known to differ from silicon: instruction RAM above 0x400A0000 is memory
	// of its own, the flash keeps its write enable latch, watchdogs never fire.
	Emulated bool
	// Tracer is told what happens; nil is silent.
	Tracer Tracer
}

// DefaultBudget ends a run that neither comes to an end nor lets its watchdog
// bite, in instructions. Encrypting 16 MB takes 300 million.
const DefaultBudget = 1 << 29

// Tracer is told of what a machine does, in order.
type Tracer interface {
	// Call is a ROM function that is about to be served, called from pc.
	Call(pc uint32, f *Function, arg func(i int) uint32)
	// Return is its result, in a10 and a11 of a CALL8.
	Return(f *Function, low, high uint32)
	// Operation is a command on the flash or the eFuses.
	Operation(pc uint32, text string)
}

// Machine is one chip that executes. It serves one boot.
type Machine struct {
	CPU *xtensa.CPU

	dev     *emu.Device
	options Options
	cached  flashmodel.Reader // flash as the cache shows it, by the key latched at reset

	memory   memory
	cache    cache
	banks    [blockCount]*[pageWords]uint32 // stored registers
	console  console
	spi      spiFlash
	fuses    fuseController
	hashes   hashEngine
	md5      digests
	crypt    encryptBlock
	secure   digestEngine
	clock    clock
	counters [2][3]counter // of the timer groups
	random   uint64
	draws    emu.Draws

	first   int    // register of a ROM call's first argument
	caller  uint32 // address of the call
	faulted bool   // its function has raised an exception
	loaded  []span // what the ROM loaded of the second stage
	notes   []string
	work    uint64 // accesses of ROM functions
	result  *Result
}

// New returns a machine in the state in which the ROM enters the second stage
// that it loaded.
func New(d *emu.Device, l *rom.Loaded, o Options) *Machine {
	m := &Machine{dev: d, options: o, cached: d.Cached(), random: seed(d)}
	m.CPU = xtensa.New(m)
	m.CPU.Base, m.CPU.NativeStart, m.CPU.NativeSize = windowBase, romStart, romSize
	if o.Budget == 0 {
		m.options.Budget = DefaultBudget
	}
	m.memory.init(m)
	m.cache.init()
	m.resetRegisters()
	m.fuses.latch(m)
	m.enter(l)
	return m
}

// PC is the address of the instruction that is being executed, or from which a
// ROM function was called.
func (m *Machine) where() uint32 {
	if m.caller != 0 {
		return m.caller
	}
	return m.CPU.PC
}

// unmodelled ends the run: what was asked for has no model.
func (m *Machine) unmodelled(format string, args ...any) {
	if m.result == nil {
		m.result = &Result{How: Unmodelled, Text: fmt.Sprintf(format, args...)}
	}
	m.CPU.Halt("not modelled")
}

// maxNotes bounds the notes of one run.
const maxNotes = 16

// note records something that was assumed and that the run went on with.
func (m *Machine) note(format string, args ...any) {
	if s := fmt.Sprintf(format, args...); len(m.notes) < maxNotes && !slices.Contains(m.notes, s) {
		m.notes = append(m.notes, s)
	}
}

// Notes returns what was assumed, a sentence each.
func (m *Machine) Notes() []string { return slices.Clone(m.notes) }

// External is a register of the debug module: 0 tells that no debugger is there.
func (m *Machine) External(uint32) uint32 { return 0 }
