package bootloader

import (
	"bytes"
	"slices"

	"github.com/bootsim/bootsim/emu/callgraph"
	"github.com/bootsim/bootsim/flashmodel/espimage"
)

// romStack is the stack pointer with which the ROM enters a bootloader (spec
// exec 1.4).
const romStack = 0x3FFE3EB0

// stackTexts are what only the function prints or refers to that compares load
// addresses with its stack pointer.
var stackTexts = []string{"(bootloader stack 0x", "overlaps bootloader stack"}

// program is a bootloader's code with what it refers to.
type program struct {
	graph *callgraph.Graph
	entry uint32
	data  []callgraph.Section
}

// programOf takes an image's code and data apart.
func programOf(im *espimage.Image, b []byte) *program {
	p := &program{entry: im.Header.Entry}
	var code []callgraph.Section
	for _, s := range im.Segments {
		end := uint64(s.DataOffset) + uint64(s.Length)
		if end > uint64(len(b)) {
			continue
		}
		part := callgraph.Section{Addr: s.LoadAddr, Data: b[s.DataOffset:end]}
		if espimage.ClassOf(s.LoadAddr) == espimage.ClassDRAM {
			p.data = append(p.data, part)
		} else {
			code = append(code, part)
		}
	}
	p.graph = callgraph.From(code, p.entry)
	return p
}

// stackPointer returns the stack pointer of a bootloader while it checks a
// segment that it loads: the frames of the functions that lead there, as its code
// has them. Images are also verified without being loaded, by what runs after
// the loading function and deeper. ok is false where no code tells.
func (p *program) stackPointer() (sp uint32, ok bool) {
	// What names the stack in a message is where it is looked at. Where nothing is
	// printed it is the end of the stack, which nothing else needs.
	from, to, ok := p.text(stackTexts...)
	if !ok {
		from, to = stackTop, stackTop+1
	}
	checks := p.referring(from, to)
	if checks == nil {
		return 0, false
	}
	depths := p.graph.Depths(p.entry, checks.Start)
	if len(depths) == 0 {
		return 0, false
	}
	return romStack - depths[0], true
}

// entered returns where the function lies that the ROM enters. ok is false where
// there is no code.
func (p *program) entered() (start, end uint32, ok bool) {
	f := p.graph.Function(p.entry)
	if f == nil {
		return 0, 0, false
	}
	last := f.Code[len(f.Code)-1]
	return f.Start, last.PC + uint32(last.Len), true
}

// referring finds the first function with a literal between two addresses.
func (p *program) referring(from, to uint32) *callgraph.Function {
	for _, f := range p.graph.Functions() {
		if slices.ContainsFunc(f.Literals, func(l uint32) bool { return l >= from && l < to }) {
			return f
		}
	}
	return nil
}

// text returns where the first of some texts lies, from the beginning of its string.
func (p *program) text(texts ...string) (from, to uint32, ok bool) {
	for _, t := range texts {
		for _, s := range p.data {
			at := bytes.Index(s.Data, []byte(t))
			if at < 0 {
				continue
			}
			start := bytes.LastIndexByte(s.Data[:at], 0) + 1
			return s.Addr + uint32(start), s.Addr + uint32(at+len(t)), true
		}
	}
	return 0, 0, false
}
