package fault

import (
	"fmt"
	"math/bits"

	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/flashmodel"
)

// word is what the chip's own logic programs at once, in bytes.
const word = 4

// Samples are how many ways are drawn from the seed where there are too many to
// go through.
const (
	prefixSamples = 3 // of a page
	subsetSamples = 2 // of words, and again of bits
	burnSamples   = 4 // of the bits of a burn
)

// Ways returns how many ways a kind has to spoil an operation, 0 where it does
// not concern it. It depends on the operation alone, not on what the cells
// hold: two ways may leave the same.
func Ways(k Kind, op flashmodel.Op) int {
	switch {
	case k == Cut:
		return 1
	case k == Warm:
		return len(resets)
	case op.Kind == flashmodel.OpBurn:
		if k == Burn {
			return burnWays(op)
		}
		return 0
	case op.Kind == flashmodel.OpProgram:
		return programWays(k, op)
	case k == Erase:
		return eraseWays
	case k == NoErase, k == Refused:
		return 1
	}
	return 0
}

func programWays(k Kind, op flashmodel.Op) int {
	switch k {
	case Torn:
		return len(prefixes(op))
	case Words:
		return wordWays(op)
	case Refused:
		return 1
	}
	return 0
}

// Leave alters after, what the cells would hold once an operation is done, to
// what one way of a kind leaves of it. before is what they held. Kinds that
// prevent the operation leave before.
func Leave(k Kind, way int, op flashmodel.Op, seed uint64, before, after []byte) {
	switch k {
	case Torn:
		n := prefixLength(op, way, seed)
		copy(after[n:], before[n:])
	case Words:
		leaveWords(op, way, seed, before, after)
	case Erase:
		leaveErase(op, way, seed, before, after)
	case Burn:
		leaveBurn(op, way, seed, before, after)
	default:
		copy(after, before)
	}
}

// Describe tells one way in words that follow "the power was lost".
func Describe(k Kind, way int, op flashmodel.Op, seed uint64) string {
	switch k {
	case Cut, Warm, NoErase, Refused:
		return "before it began"
	case Torn:
		return fmt.Sprintf("when %d of %d bytes were written", prefixLength(op, way, seed), op.Size)
	case Words:
		return describeWords(op, way)
	case Erase:
		return describeErase(op, way)
	case Burn:
		n := 0
		for _, b := range burnMask(op, way, seed) {
			n += bits.OnesCount8(b)
		}
		return fmt.Sprintf("when %d of %d bits were set", n, ones(op.Data))
	}
	return ""
}

// resets are the causes of a warm reset by its ways.
var resets = [...]emu.ResetReason{emu.ResetTG0WDT, emu.ResetSoftware}

// Reset returns the reset reason that a way of Warm gives the boot after it.
func Reset(way int) emu.ResetReason { return resets[way%len(resets)] }

func ones(b []byte) (n int) {
	for _, c := range b {
		n += bits.OnesCount8(c)
	}
	return n
}
