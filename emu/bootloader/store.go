package bootloader

import (
	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/rom"
)

// store is what becomes of a segment that is written to memory: nothing
// unusual, a CPU exception, or the end of the bootloader that overwrites
// itself. Versions that check load addresses never come to the latter two
// (spec 3.3, 9 row 31).
func (s *session) store(addr, size uint32) error {
	s.guessFrom(addr, size)
	for at, left := addr, size; left > 0; {
		r := memoryAt(at)
		if err := s.storeIn(r, at); err != nil {
			return err
		}
		n := min(left, r.end-at) // an end of 0 is that of the address space
		at += n
		left -= n
	}
	return nil
}

// guessFrom notes that a bootloader goes on with what a segment left of its own
// code, stack or data, or of the ROM's variables: what follows depends on the
// binary and on the segment's content.
func (s *session) guessFrom(addr, size uint32) {
	if s.out.Guess.Why != "" {
		return
	}
	for _, r := range s.ownMemory() {
		if size > 0 && uint64(addr) < uint64(r.end) && uint64(addr)+uint64(size) > uint64(r.start) {
			s.guess(len(s.out.Log), "a segment is loaded over %s at 0x%08x: what follows depends on the binary, which only --engine exec executes", r.what, max(addr, r.start))
			return
		}
	}
}

// guess notes from which line on the model guesses, and why.
func (s *session) guess(lines int, format string, args ...any) {
	s.out.Guess = emu.Guess{Lines: lines, Why: s.paper.Sprintf(format, args...)}
}

// overEntry tells whether a segment is loaded over the function that the ROM
// entered. Nothing else runs there until the bootloader gives up.
func (m *Memory) overEntry(addr, size uint32) bool {
	return size > 0 && uint64(addr) < uint64(m.EntryEnd) && uint64(addr)+uint64(size) > uint64(m.EntryStart)
}

// ownRegion is memory that a bootloader depends on while it runs.
type ownRegion struct {
	start, end uint32
	what       string
}

// ownMemory lists it, with the other names that D/IRAM has.
func (s *session) ownMemory() []ownRegion {
	m := &s.p.Memory
	stack := ownRegion{m.Stack - calleeStack, stackTop, "the bootloader's stack"}
	data := ownRegion{dataBase, max(m.DataEnd, 0x3FFF2000), "the bootloader's data"}
	shared := ownRegion{0x3FFE0000, 0x3FFE0440, "the ROM's variables"}
	all := []ownRegion{
		{m.LoaderStart, m.LoaderEnd, "the bootloader's code"}, stack, data, shared,
		{0x3FFAE000, 0x3FFB0000, "the ROM's variables"},
	}
	for _, r := range []ownRegion{stack, data, shared} {
		all = append(all, ownRegion{diramCodeLow + 0x40000000 - r.end, diramCodeLow + 0x40000000 - r.start, r.what})
	}
	return all
}

// calleeStack is room for what the loading function calls, in bytes.
const calleeStack = 0x400

func (s *session) storeIn(r region, at uint32) error {
	switch r.kind {
	case memoryFault:
		return fault(rom.CauseBusAddress, at)
	case memoryForbidden:
		return fault(rom.CauseStoreProhibited, at)
	case memoryOwn:
		return &halt{end: emu.EndHang}
	case memoryDevices:
		return unmodelled("a segment is loaded over peripheral registers at 0x%08x", at)
	}
	return nil
}

// memoryKind is what a store meets.
type memoryKind uint8

const (
	memoryPlain     memoryKind = iota // takes it, or ignores it without a fault
	memoryFault                       // hole: LoadStorePIFAddrError
	memoryForbidden                   // region closed by the bootloader: StoreProhibited
	memoryOwn                         // what the bootloader runs on
	memoryDevices
)

// region is a stretch of the address space. end is exclusive.
type region struct {
	end  uint32
	kind memoryKind
}

// memoryMap is the address space in ascending order as a bootloader's stores
// meet it. The bootloader closes the lowest and the four highest of the eight
// regions of 512 MiB. Stores to mask ROM are ignored; D/IRAM is not aliased.
var memoryMap = [...]region{
	{0x20000000, memoryForbidden},
	{0x3F400000, memoryFault},
	{0x3FC00000, memoryPlain}, // cache windows
	{0x3FF00000, memoryFault},
	{0x3FF80000, memoryDevices},
	{0x3FF82000, memoryPlain}, // RTC fast memory
	{0x3FF90000, memoryFault},
	{0x3FFA0000, memoryPlain}, // data ROM
	{0x3FFAE000, memoryFault},
	{0x3FFE3000, memoryPlain},
	{0x3FFE3F20, memoryOwn}, // stack
	{0x3FFF0000, memoryPlain},
	{0x3FFF2000, memoryOwn}, // data
	{0x40070000, memoryPlain},
	{0x40078000, memoryPlain}, // cache RAM
	{0x4007C000, memoryOwn},   // loader code
	{0x400C2000, memoryPlain},
	{0x400D0000, memoryFault},
	{0x40C00000, memoryPlain}, // cache windows
	{0x50000000, memoryFault},
	{0x50002000, memoryPlain},
	{0x60000000, memoryFault},
	{0x60080000, memoryDevices},
	{0x80000000, memoryFault},
}

func memoryAt(addr uint32) region {
	for _, r := range memoryMap {
		if addr < r.end {
			return r
		}
	}
	return region{kind: memoryForbidden}
}
