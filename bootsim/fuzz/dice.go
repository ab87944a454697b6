package fuzz

import "math/rand/v2"

// dice is where a mutation's choices come from: a seed and an index, or the
// bytes of a native fuzz target. The same source makes the same choices.
type dice interface {
	// below returns a number under n, which is not 0.
	below(n uint64) uint64
}

// seeded throws dice from a seed and the number of a run.
type seeded struct{ pcg *rand.PCG }

func newSeeded(seed, run uint64) seeded { return seeded{rand.NewPCG(seed, run)} }

func (s seeded) below(n uint64) uint64 { return s.pcg.Uint64() % n }

// byteDice takes as many bytes for a number as it needs, and zeros once there
// are none left, so that a fuzz engine's input maps onto choices.
type byteDice struct{ b []byte }

func (s *byteDice) below(n uint64) (v uint64) {
	for limit := n - 1; limit > 0; limit >>= 8 {
		v <<= 8
		if len(s.b) > 0 {
			v |= uint64(s.b[0])
			s.b = s.b[1:]
		}
	}
	return v % n
}

func chance(d dice, one, of uint64) bool { return d.below(of) >= of-one }

func pick[T any](d dice, of []T) T { return of[d.below(uint64(len(of)))] }

// number draws a 32-bit number: a small one, one next to a power of two or to
// another number of interest, or any.
func number(d dice, near ...uint32) uint32 {
	switch d.below(4) {
	case 0:
		return uint32(d.below(33))
	case 1:
		return 1<<d.below(32) + uint32(d.below(3)) - 1
	case 2:
		if len(near) > 0 {
			return pick(d, near) + 4*uint32(d.below(5)) - 8
		}
	}
	return uint32(d.below(1 << 32))
}

// bit is a byte string of which one bit is set.
func bit(d dice) Hex { return Hex{1 << d.below(8)} }

func le32(v uint32) Hex { return Hex{byte(v), byte(v >> 8), byte(v >> 16), byte(v >> 24)} }
