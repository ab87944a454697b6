package fault

import "github.com/bootsim/bootsim/flashmodel"

// random is the sequence of numbers of one way of one fault (splitmix64). The
// operation enters by what it is, not by its place in a run, so that the same
// operation is torn alike wherever it comes up.
type random struct{ start, state uint64 }

func newRandom(seed uint64, op flashmodel.Op, k Kind, way int) *random {
	s := mix(seed ^ uint64(op.Addr)<<32 ^ uint64(op.Size)<<16 ^ uint64(k)<<8 ^ uint64(way))
	return &random{start: s, state: s}
}

const golden = 0x9E3779B97F4A7C15

func mix(z uint64) uint64 {
	z += golden
	z = (z ^ z>>30) * 0xBF58476D1CE4E5B9
	z = (z ^ z>>27) * 0x94D049BB133111EB
	return z ^ z>>31
}

func (r *random) next() uint64 {
	r.state += golden
	return mix(r.state)
}

func (r *random) byte() byte { return byte(r.next()) }

// at is the number with an index, in whatever order it is asked for.
func (r *random) at(i int) uint64 { return mix(r.start + uint64(i)) }

// Sequence is numbers drawn from a seed, for choosing where faults strike.
type Sequence struct{ r random }

// NewSequence begins the sequence of a seed.
func NewSequence(seed uint64) *Sequence { return &Sequence{random{state: mix(seed)}} }

// Below returns the next number from 0 to n-1. n is positive.
func (s *Sequence) Below(n int) int { return int(s.r.next() % uint64(n)) }
