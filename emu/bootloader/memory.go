package bootloader

import (
	"github.com/bootsim/bootsim/emu/idf"
	"github.com/bootsim/bootsim/flashmodel/espimage"
)

// Memory is where a bootloader lies while it loads an app: what an app's
// segments must leave alone (spec 3.3). Ends are exclusive.
type Memory struct {
	LoaderStart, LoaderEnd uint32 // loader code, in the APP CPU's cache RAM
	DataStart, DataEnd     uint32 // static data, .bss included
	// Stack is the stack pointer while a segment is checked. It depends on the
	// compiler; StackKnown tells whether it was learnt, from the binary's code or
	// from a log, or is typical.
	Stack      uint32
	StackKnown bool
	// EntryStart and EntryEnd enclose the function that the ROM enters, to which a
	// bootloader that gives up by returning comes back; 0 where no code tells.
	EntryStart, EntryEnd uint32
}

// Fixed points of the memory map (spec 3.3; linker scripts and soc.h).
const (
	loaderBase    = 0x40078000 // iram_loader_seg
	dataBase      = 0x3FFF0000 // dram_seg
	stackTop      = 0x3FFE3F20 // SOC_ROM_STACK_START
	stackHeadroom = 0x8000     // STACK_LOAD_HEADROOM
)

// memoryOf returns a typical layout; the stack depends on the version.
func memoryOf() Memory {
	return Memory{
		LoaderStart: loaderBase, LoaderEnd: loaderBase + 0x3800,
		DataStart: dataBase, DataEnd: dataBase + 0x1C00,
	}
}

// typicalStack is the stack pointer in bootloaders that were seen to print it
// or were traced.
func typicalStack(v idf.Version) uint32 {
	switch {
	case !featureRange(featStates).Includes(v):
		return 0x3FFE3C30
	case !featureRange(featLoadChecks).Includes(v):
		return 0x3FFE3BC0
	default:
		return 0x3FFE3BA0
	}
}

// regionsOverlap tells whether [a, aEnd) and [b, bEnd) meet, as signed
// addresses, which is how bootloaders compare them.
func regionsOverlap(a, aEnd, b, bEnd uint32) bool {
	return int32(aEnd) > int32(b) && int32(bEnd) > int32(a)
}

// WithSegments returns m with the extents of loader code and static data taken
// from the segments of the bootloader's own image. Data in .bss shows in no
// segment; the linker puts it at the start.
func (m Memory) WithSegments(segments []espimage.Segment) Memory {
	var loader, data uint32
	for _, s := range segments {
		switch end := s.LoadAddr + s.Length; {
		case within(s.LoadAddr, loaderBase, loaderBase+0x8000):
			loader = max(loader, end)
		case within(s.LoadAddr, dataBase, dataBase+0x10000):
			data = max(data, end)
		}
	}
	if loader != 0 {
		m.LoaderStart, m.LoaderEnd = loaderBase, loader
	}
	if data != 0 {
		m.DataStart, m.DataEnd = dataBase, data
	}
	return m
}
