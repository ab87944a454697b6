package fault

import (
	"fmt"

	"github.com/bootsim/bootsim/flashmodel"
)

// smallWrite is up to how many words a program is torn at every word and with
// every single word: an otadata entry has eight.
const smallWrite = 16

func wordsOf(op flashmodel.Op) int { return (int(op.Size) + word - 1) / word }

// prefixes lists the lengths in words after which a program may end: every one
// of a small write, else the first word, half, and all but the last. Negative
// ones are drawn.
func prefixes(op flashmodel.Op) []int {
	n := wordsOf(op)
	if n <= smallWrite {
		var all []int
		for i := 1; i < n; i++ {
			all = append(all, i)
		}
		return all
	}
	list := []int{1, n / 2, n - 1}
	for i := 1; i <= prefixSamples; i++ {
		list = append(list, -i)
	}
	return list
}

// prefixLength is how many bytes of a program are written.
func prefixLength(op flashmodel.Op, way int, seed uint64) int {
	n := prefixes(op)[way]
	if n < 0 {
		r := newRandom(seed, op, Torn, way)
		n = 1 + int(r.next()%uint64(wordsOf(op)-1))
	}
	return n * word
}

// The ways of Words that every write has; a small one has two for every word
// besides.
const (
	wordsAllButFirst = iota
	wordsOnlyLast
	wordsEven
	wordsOdd
	wordsDrawn
	wordsBits  = wordsDrawn + subsetSamples
	wordsFixed = wordsBits + subsetSamples
)

func wordWays(op flashmodel.Op) int {
	n := wordsOf(op)
	switch {
	case n < 2:
		return subsetSamples // bits of the one word
	case n <= smallWrite:
		return wordsFixed + 2*n
	}
	return wordsFixed
}

// way1 maps the ways of a write of one word to those of its bits.
func way1(op flashmodel.Op, way int) int {
	if wordsOf(op) < 2 {
		return wordsBits + way
	}
	return way
}

func leaveWords(op flashmodel.Op, way int, seed uint64, before, after []byte) {
	way = way1(op, way)
	r := newRandom(seed, op, Words, way)
	if way >= wordsBits && way < wordsFixed {
		for i := range after {
			// Of the bits that were to change, every second stays.
			after[i] ^= (before[i] ^ after[i]) & r.byte()
		}
		return
	}
	for i := range after {
		if !wordWritten(op, way, i/word, r) {
			after[i] = before[i]
		}
	}
}

// wordWritten tells whether a way writes word i.
func wordWritten(op flashmodel.Op, way, i int, r *random) bool {
	switch {
	case way == wordsAllButFirst:
		return i != 0
	case way == wordsOnlyLast:
		return i == wordsOf(op)-1
	case way == wordsEven:
		return i%2 == 0
	case way == wordsOdd:
		return i%2 == 1
	case way < wordsBits:
		return r.at(i)&1 == 1
	case (way-wordsFixed)%2 == 0:
		return i == (way-wordsFixed)/2
	}
	return i != (way-wordsFixed)/2
}

func describeWords(op flashmodel.Op, way int) string {
	way = way1(op, way)
	switch {
	case way == wordsAllButFirst:
		return "when all but the first word were written"
	case way == wordsOnlyLast:
		return "when only the last word was written"
	case way == wordsEven:
		return "when every even word was written"
	case way == wordsOdd:
		return "when every odd word was written"
	case way < wordsBits:
		return "when half of the words, drawn from the seed, were written"
	case way < wordsFixed:
		return "when half of the bits, drawn from the seed, were cleared"
	case (way-wordsFixed)%2 == 0:
		return fmt.Sprintf("when only word %d was written", (way-wordsFixed)/2)
	}
	return fmt.Sprintf("when all but word %d were written", (way-wordsFixed)/2)
}
