package fault

import "github.com/bootsim/bootsim/flashmodel"

// smallBurn is up to how many bits every subset of a burn is gone through.
const smallBurn = 4

// The ways of a burn of more bits.
const (
	burnFirst = iota
	burnLast
	burnFirstHalf
	burnSecondHalf
	burnAllButFirst
	burnAllButLast
	burnDrawn
)

func burnWays(op flashmodel.Op) int {
	switch n := ones(op.Data); {
	case n < 2:
		return 0 // a bit is set or not
	case n <= smallBurn:
		return 1<<n - 2 // neither none nor all
	}
	return burnDrawn + burnSamples
}

func leaveBurn(op flashmodel.Op, way int, seed uint64, before, after []byte) {
	mask := burnMask(op, way, seed)
	for i := range after {
		after[i] = before[i] | after[i]&mask[i]
	}
}

// burnMask returns the bits of a burn that are set in one way.
func burnMask(op flashmodel.Op, way int, seed uint64) []byte {
	mask, n, k := make([]byte, len(op.Data)), ones(op.Data), 0
	r := newRandom(seed, op, Burn, way)
	for i, b := range op.Data {
		for bit := range 8 {
			if b>>bit&1 == 0 {
				continue
			}
			if burnt(n, way, k, r) {
				mask[i] |= 1 << bit
			}
			k++
		}
	}
	return mask
}

// burnt tells whether bit k of n is set.
func burnt(n, way, k int, r *random) bool {
	if n <= smallBurn {
		return (way+1)>>k&1 == 1
	}
	switch way {
	case burnFirst:
		return k == 0
	case burnLast:
		return k == n-1
	case burnFirstHalf:
		return k < n/2
	case burnSecondHalf:
		return k >= n/2
	case burnAllButFirst:
		return k != 0
	case burnAllButLast:
		return k != n-1
	}
	return r.at(k)&1 == 1
}
