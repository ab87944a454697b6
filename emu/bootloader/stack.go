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

// stackPointer returns the stack pointer of a bootloader while it checks a
// segment that it loads: the frames of the functions that lead there, as its code
// has them. Images are also verified without being loaded, by what runs after
// the loading function and deeper. ok is false where no code tells.
func stackPointer(im *espimage.Image, b []byte) (sp uint32, ok bool) {
	code, data := sections(im, b)
	g := callgraph.From(code, im.Header.Entry)
	checks := referring(g, data)
	if checks == nil {
		return 0, false
	}
	depths := g.Depths(im.Header.Entry, checks.Start)
	if len(depths) == 0 {
		return 0, false
	}
	return romStack - depths[0], true
}

// sections takes an image's code and data apart.
func sections(im *espimage.Image, b []byte) (code, data []callgraph.Section) {
	for _, s := range im.Segments {
		end := uint64(s.DataOffset) + uint64(s.Length)
		if end > uint64(len(b)) {
			continue
		}
		part := callgraph.Section{Addr: s.LoadAddr, Data: b[s.DataOffset:end]}
		if espimage.ClassOf(s.LoadAddr) == espimage.ClassDRAM {
			data = append(data, part)
		} else {
			code = append(code, part)
		}
	}
	return code, data
}

// referring finds the function that compares load addresses with its stack: by
// the text that names the stack, or, where nothing is printed, by the end of the
// stack, which no other function needs.
func referring(g *callgraph.Graph, data []callgraph.Section) *callgraph.Function {
	from, to, ok := stackText(data)
	if !ok {
		from, to = stackTop, stackTop+1
	}
	for _, f := range g.Functions() {
		if slices.ContainsFunc(f.Literals, func(l uint32) bool { return l >= from && l < to }) {
			return f
		}
	}
	return nil
}

// stackText returns where the text lies that names the stack.
func stackText(data []callgraph.Section) (from, to uint32, ok bool) {
	for _, t := range stackTexts {
		for _, s := range data {
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
