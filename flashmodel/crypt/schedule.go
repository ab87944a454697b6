package crypt

import (
	"encoding/binary"
	"math/bits"
)

// schedule gives the key of every unit.
type schedule struct {
	key  words
	conf Config
	tool bool // spill address bits above 23 as the reference tool does
}

func newSchedule(k Key, c Config, tool bool) schedule {
	return schedule{key: loadWords(k.s.get()[:]), tool: tool, conf: c}
}

func loadWords(b []byte) words {
	var w words
	for i := range w {
		w[i] = binary.LittleEndian.Uint64(b[8*i:])
	}
	return w
}

// fill sets bases to the keys of the first units of consecutive groups under a
// tweak. The width of a group is a power of two, and unit a multiple of it.
func (s *schedule) fill(t *tweak, bases []words, unit, width uint32) {
	within := t.within(width)
	k := s.key
	t.move(&k, unit)
	for i := range bases {
		bases[i] = k
		unit += width
		// Past the last unit of 16 MB the count starts over: all bits flip.
		k.xor(&t.steps[min(bits.TrailingZeros32(unit), unitBits-1)])
		k.xor(&within)
	}
}

// spills tells whether keys of the size bytes from addr on are only to be had
// by the arithmetic of the reference tool.
func (s *schedule) spills(addr uint32, size int) bool {
	return s.tool && uint64(addr)+uint64(size) > 1<<unitBits*UnitSize
}

// fillTool sets keys to those of consecutive units by the arithmetic of the
// reference tool.
func (s *schedule) fillTool(keys []words, unit uint32) {
	enabled := s.conf.bits()
	for i := range keys {
		m := toolMask(unit + uint32(i)).and(enabled).words()
		keys[i] = s.key
		keys[i].xor(&m)
	}
}
