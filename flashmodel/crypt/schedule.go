package crypt

import (
	"encoding/binary"
	"math/bits"
)

// words are the 32 bytes of a key, or a mask for them, as little-endian words.
type words [4]uint64

func (w *words) xor(m *words) {
	w[0] ^= m[0]
	w[1] ^= m[1]
	w[2] ^= m[2]
	w[3] ^= m[3]
}

// unitBits is how many address bits count the 32-byte units of 16 MB.
const unitBits = 19

// schedule gives the key of every unit.
//
// The tweak is linear: the key of unit u is the key XOR a mask for every bit set
// in u. Going from u-1 to u flips the lowest n+1 bits, n being the number of
// zeros that u ends in, so one precomputed mask leads from key to key.
type schedule struct {
	key   words
	steps [unitBits]words // steps[n] is the mask of unit 2^(n+1)-1
	tool  bool            // spill address bits above 23 as the reference tool does
	conf  Config
}

func newSchedule(k Key, c Config, tool bool) schedule {
	s := schedule{key: loadWords(k.s.get()[:]), tool: tool, conf: c}
	enabled := c.bits()
	var sum number
	for n := range s.steps {
		sum = sum.xor(unitBitMask(n))
		s.steps[n] = sum.and(enabled).words()
	}
	return s
}

func loadWords(b []byte) words {
	var w words
	for i := range w {
		w[i] = binary.LittleEndian.Uint64(b[8*i:])
	}
	return w
}

// fill sets keys to those of consecutive units.
func (s *schedule) fill(keys []words, unit uint32) {
	if s.tool && unit+uint32(len(keys)) > 1<<unitBits {
		s.fillTool(keys, unit)
		return
	}
	k := s.at(unit)
	for i := range keys {
		keys[i] = k
		unit++
		// Past the last unit of 16 MB the count starts over: all bits flip.
		k.xor(&s.steps[min(bits.TrailingZeros32(unit), unitBits-1)])
	}
}

// at returns the key of a unit. Unit u is the XOR of 2^(n+1)-1 over the bits n
// set in the Gray code of u.
func (s *schedule) at(unit uint32) words {
	k := s.key
	unit &= 1<<unitBits - 1
	for gray := unit ^ unit>>1; gray != 0; gray &= gray - 1 {
		k.xor(&s.steps[bits.TrailingZeros32(gray)])
	}
	return k
}

// fillTool is fill by the arithmetic of the reference tool.
func (s *schedule) fillTool(keys []words, unit uint32) {
	enabled := s.conf.bits()
	for i := range keys {
		m := toolMask(unit + uint32(i)).and(enabled).words()
		keys[i] = s.key
		keys[i].xor(&m)
	}
}
