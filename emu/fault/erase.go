package fault

import (
	"fmt"

	"github.com/bootsim/bootsim/flashmodel"
)

// entryWords is how many words at the start of an erased unit are looked at one
// by one: those of an otadata entry.
const entryWords = 8

// The ways of Erase. A cell that an erase left between one and zero reads
// either way: what is drawn comes with its opposite.
const (
	eraseFirstHalf = iota
	eraseSecondHalf
	eraseOneWord
	eraseAllButWord = eraseOneWord + entryWords
	eraseHalfBits   = eraseAllButWord + entryWords // drawn, and its opposite
	eraseFewBits    = eraseHalfBits + 2            // one bit of sixteen, and its opposite
	eraseWays       = eraseFewBits + 2
)

// leaveErase brings some bits back to one. Bits that are zero by then stay zero.
func leaveErase(op flashmodel.Op, way int, seed uint64, before, after []byte) {
	// The opposite of a drawn way is made of the same numbers.
	r := newRandom(seed, op, Erase, way&^1)
	for i := range after {
		after[i] = before[i] | erasedBits(way, i, len(after), r)
	}
}

// erasedBits returns which bits of byte i are erased.
func erasedBits(way, i, size int, r *random) byte {
	switch {
	case way == eraseFirstHalf:
		return all(i < size/2)
	case way == eraseSecondHalf:
		return all(i >= size/2)
	case way < eraseAllButWord:
		return all(i/word == way-eraseOneWord)
	case way < eraseHalfBits:
		return all(i/word != way-eraseAllButWord)
	}
	b := r.byte()
	if way >= eraseFewBits {
		b &= r.byte()
		b &= r.byte()
		b &= r.byte()
	}
	if way%2 == 1 {
		b = ^b
	}
	return b
}

func all(yes bool) byte {
	if yes {
		return 0xFF
	}
	return 0
}

func describeErase(op flashmodel.Op, way int) string {
	switch {
	case way == eraseFirstHalf:
		return fmt.Sprintf("when the first 0x%x bytes were erased", op.Size/2)
	case way == eraseSecondHalf:
		return fmt.Sprintf("when the last 0x%x bytes were erased", op.Size/2)
	case way < eraseAllButWord:
		return fmt.Sprintf("when only word %d was erased", way-eraseOneWord)
	case way < eraseHalfBits:
		return fmt.Sprintf("when all but word %d were erased", way-eraseAllButWord)
	case way < eraseFewBits:
		return "when half of the bits, drawn from the seed, were back to one"
	case way == eraseFewBits:
		return "when one bit of sixteen, drawn from the seed, was back to one"
	}
	return "when all but one bit of sixteen, drawn from the seed, were back to one"
}
