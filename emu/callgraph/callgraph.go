// Package callgraph follows the calls of a program for the Xtensa windowed ABI,
// without executing it: which functions are reachable, what each calls and
// refers to, and how deep the stack is where a function runs.
package callgraph

import (
	"cmp"
	"encoding/binary"
	"slices"

	"github.com/bootsim/bootsim/emu/xtensa"
)

// Section is a stretch of code with its literals.
type Section struct {
	Addr uint32 // of the first byte
	Data []byte
}

// Function is a function that begins with ENTRY.
type Function struct {
	Start    uint32        // address of its ENTRY
	Frame    uint32        // bytes that it takes of the stack
	Calls    []uint32      // functions that it calls or refers to, by address
	Literals []uint32      // words that it loads from its literal pool
	Code     []Instruction // that can be reached in it, by address
}

// Instruction is an instruction of a function.
type Instruction struct {
	PC uint32 // its address
	xtensa.Insn
}

// Graph is the functions of a program by their addresses.
type Graph struct {
	sections  []Section
	functions map[uint32]*Function
	left      int // of maxInstructions
}

// What hostile code can cause of work and memory is bounded: jumps into code that
// another function has as well make it count again. The instruction memory of an
// ESP32, 192 KB, has room for fewer instructions than that.
const (
	maxFunctions    = 4096
	maxInstructions = 1 << 17 // of all functions
)

// From follows all calls from entry on. Calls through registers count where the
// literal pool of the caller holds the address.
func From(sections []Section, entry uint32) *Graph {
	g := &Graph{sections: sections, functions: map[uint32]*Function{}, left: maxInstructions}
	for open := []uint32{entry}; len(open) > 0 && len(g.functions) < maxFunctions && g.left > 0; {
		at := open[len(open)-1]
		open = open[:len(open)-1]
		if g.functions[at] != nil || !g.begins(at) {
			continue
		}
		f := g.read(at)
		g.functions[at] = f
		open = append(open, f.Calls...)
	}
	return g
}

// word reads four bytes of code; false outside of it.
func (g *Graph) word(at uint32) (uint32, bool) {
	for _, s := range g.sections {
		if off := at - s.Addr; uint64(off)+4 <= uint64(len(s.Data)) {
			return binary.LittleEndian.Uint32(s.Data[off:]), true
		}
	}
	return 0, false
}

// begins tells whether a function begins at an address.
func (g *Graph) begins(at uint32) bool {
	w, ok := g.word(at)
	in := xtensa.Decode(w)
	return ok && in.Op.Name() == "entry" && in.S == stackPointer
}

const stackPointer = 1

// read goes through the instructions of a function.
func (g *Graph) read(start uint32) *Function {
	w, _ := g.word(start)
	f := &Function{Start: start, Frame: uint32(xtensa.Decode(w).Imm)}
	seen := map[uint32]bool{}
	for open := []uint32{start}; len(open) > 0 && g.left > 0; {
		pc := open[len(open)-1]
		open = open[:len(open)-1]
		w, ok := g.word(pc)
		if !ok || seen[pc] {
			continue
		}
		seen[pc] = true
		g.left--
		in := xtensa.Decode(w)
		if !in.Legal() {
			continue
		}
		f.Code = append(f.Code, Instruction{pc, in})
		open = append(open, g.follow(f, in, pc)...)
	}
	slices.SortFunc(f.Code, func(a, b Instruction) int { return cmp.Compare(a.PC, b.PC) })
	slices.Sort(f.Calls)
	f.Calls = slices.Compact(f.Calls)
	return f
}

// follow notes what an instruction refers to and returns where it leads.
func (g *Graph) follow(f *Function, in xtensa.Insn, pc uint32) []uint32 {
	next := pc + uint32(in.Len)
	to, relative := in.Target(pc)
	switch name := in.Op.Name(); name {
	case "ret", "ret.n", "retw", "retw.n", "jx", "ill", "ill.n":
		return nil
	case "j":
		return []uint32{to}
	case "call0", "call4", "call8", "call12":
		f.Calls = append(f.Calls, to)
	case "l32r":
		if v, ok := g.word(to); ok {
			f.Literals = append(f.Literals, v)
			if g.begins(v) {
				f.Calls = append(f.Calls, v)
			}
		}
	default:
		if relative {
			return []uint32{next, to}
		}
	}
	return []uint32{next}
}

// Function returns the function that begins at an address, nil where none does.
func (g *Graph) Function(at uint32) *Function { return g.functions[at] }

// Functions returns all functions, by address.
func (g *Graph) Functions() []*Function {
	var all []*Function
	for _, f := range g.functions {
		all = append(all, f)
	}
	slices.SortFunc(all, func(a, b *Function) int { return cmp.Compare(a.Start, b.Start) })
	return all
}

// maxDepths bounds the depths that are told apart.
const maxDepths = 64

// Depths returns how many bytes of stack are in use where a function runs that
// was reached from another one, both frames included: each sum that some chain
// of calls has, ascending. Recursion counts once.
func (g *Graph) Depths(from, to uint32) []uint32 {
	w := walk{graph: g, to: to, known: map[uint32][]uint32{}, open: map[uint32]bool{}}
	return w.depths(from)
}

// walk looks for a function along all chains of calls.
type walk struct {
	graph *Graph
	to    uint32
	known map[uint32][]uint32
	open  map[uint32]bool
}

func (w *walk) depths(at uint32) []uint32 {
	f := w.graph.functions[at]
	if f == nil || w.open[at] {
		return nil
	}
	if sums, done := w.known[at]; done {
		return sums
	}
	w.open[at] = true
	var sums []uint32
	if at == w.to {
		sums = append(sums, f.Frame)
	}
	for _, called := range f.Calls {
		for _, below := range w.depths(called) {
			sums = append(sums, f.Frame+below)
		}
	}
	w.open[at] = false
	slices.Sort(sums)
	sums = slices.Compact(sums)
	w.known[at] = sums[:min(len(sums), maxDepths)]
	return w.known[at]
}
