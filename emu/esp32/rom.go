package esp32

import (
	"slices"
	"sync"

	"github.com/bootsim/bootsim/emu/xtensa"
)

// Status tells how far a ROM function is modelled.
type Status uint8

// The statuses.
const (
	Absent  Status = iota // known by name; a call ends the run
	Ignored               // has no effect that matters here; returns 0
	Served                // does what the ROM's does
)

// String names the status for documents.
func (s Status) String() string { return [...]string{"absent", "ignored", "served"}[s] }

// Function is one function of the mask ROM.
type Function struct {
	Name   string
	Addr   uint32
	Status Status
	serve  func(m *Machine)
}

// romTable finds functions by address.
type romTable struct {
	all   []Function
	index [romSize / 4]uint16 // one more than the place in all
}

var romFunctions = sync.OnceValue(func() *romTable {
	t := &romTable{}
	for _, part := range [][]Function{romInteger(), romMemory(), romStrings(), romSystem(), romCache(), romFlash(), romHashes(), romXTOS(), romSecureBoot(), romSignature(), romNamed()} {
		t.all = append(t.all, part...)
	}
	slices.SortStableFunc(t.all, func(a, b Function) int { return int(a.Addr) - int(b.Addr) })
	for i := range t.all {
		t.index[(t.all[i].Addr-romStart)>>2] = uint16(i + 1)
	}
	return t
})

// Functions returns every ROM function that is known, by address.
func Functions() []Function { return slices.Clone(romFunctions().all) }

// FunctionAt returns the ROM function at an address, or nil.
func FunctionAt(addr uint32) *Function {
	t := romFunctions()
	if off := addr - romStart; off < romSize && off&3 == 0 && t.index[off>>2] != 0 {
		return &t.all[t.index[off>>2]-1]
	}
	return nil
}

// nearest names the function at or below an address, for reports.
func nearest(addr uint32) string {
	name := "start of ROM"
	for _, f := range romFunctions().all {
		if f.Addr > addr {
			break
		}
		name = f.Name
	}
	return name
}

// Call serves a ROM function inside the call instruction (spec exec 3).
func (m *Machine) Call(c *xtensa.CPU, target, pc uint32, first int) {
	if target == addrByteSwap && m.options.Tracer == nil {
		// Called once for every hashed word: 99 of 100 calls.
		c.SetA(first, byteSwap(c.A(first)))
		return
	}
	f := FunctionAt(target)
	m.first, m.caller = first, pc
	switch {
	case f == nil:
		m.unmodelled("a call from 0x%08x to the ROM at 0x%08x (after %s): no function is known there", pc, target, nearest(target))
	case f.serve == nil && f.Status == Absent:
		m.unmodelled("ROM function %s (0x%08x), called from 0x%08x", f.Name, target, pc)
	case m.work > maxWork:
		m.finish(Result{How: OutOfSteps})
	default:
		m.serve(f, pc)
	}
	m.caller = 0
}

func (m *Machine) serve(f *Function, pc uint32) {
	t := m.options.Tracer
	if t != nil {
		t.Call(pc, f, m.arg)
	}
	if f.serve != nil {
		f.serve(m)
	} else {
		m.ret(0)
	}
	if t != nil {
		t.Return(f, m.CPU.A(m.first), m.CPU.A((m.first+1)&15))
	}
}

// arg is argument i of the ROM function that is being served: six in registers,
// at most, and then words on the stack.
func (m *Machine) arg(i int) uint32 {
	if r := m.first + i; r < 16 && i < 6 {
		return m.CPU.A(r)
	}
	v, _ := m.CPU.Read(m.CPU.A(1)+4*uint32(i-min(6, 16-m.first)), 4)
	return v
}

func (m *Machine) arg64(i int) uint64 { return uint64(m.arg(i)) | uint64(m.arg(i+1))<<32 }

func (m *Machine) ret(v uint32) { m.CPU.SetA(m.first, v) }

func (m *Machine) ret64(v uint64) {
	m.ret(uint32(v))
	if m.first < 15 {
		m.CPU.SetA(m.first+1, uint32(v>>32))
	}
}

// fault takes an exception in the ROM function that is being served.
func (m *Machine) fault(cause xtensa.Cause, addr uint32) { m.CPU.Raise(cause, m.caller, addr) }

// ignored are functions without effect.
func ignored(name string, addr uint32) Function { return Function{name, addr, Ignored, nil} }

func served(name string, addr uint32, f func(*Machine)) Function {
	return Function{name, addr, Served, f}
}

func absent(name string, addr uint32) Function { return Function{name, addr, Absent, nil} }
