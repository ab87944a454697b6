package crypt

import (
	"math/bits"
	"sync"
)

// words are the 32 bytes of a key, or a mask for them, as little-endian words.
type words [4]uint64

func (w *words) xor(m *words) {
	w[0] ^= m[0]
	w[1] ^= m[1]
	w[2] ^= m[2]
	w[3] ^= m[3]
}

// word returns the i-th 32-bit word.
func (w *words) word(i int) uint32 { return uint32(w[i/2] >> (i % 2 * 32)) }

// unitBits is how many address bits count the 32-byte units of 16 MB.
const unitBits = 19

// tweak is what the address does to a key under some configuration. It knows
// no key.
//
// It is linear: the key of unit u is the key XOR a mask for every bit set in u.
// Going from u-1 to u flips the lowest n+1 bits, n being the number of zeros
// that u ends in, so one mask leads from key to key. And in a group of 2^n units
// that begins at a multiple of 2^n, all differ from the first, the base, by the
// same patterns everywhere.
type tweak struct {
	sixteen [8][16]uint32   // by word of the key and unit of the group, as AVX-512 wants them
	eight   [8][8]uint32    // likewise, as VAES wants them
	four    [8][4]uint32    // likewise, for 128-bit registers
	steps   [unitBits]words // steps[n] is the mask of unit 2^(n+1)-1
}

// tweaks returns the tweak of a configuration, made at first use.
var tweaks = func() (of [16]func() *tweak) {
	for c := range of {
		of[c] = sync.OnceValue(func() *tweak { return newTweak(Config(c)) })
	}
	return of
}()

// tweak returns what the address does to keys under the configuration.
func (c Config) tweak() *tweak { return tweaks[c&FullConfig]() }

func newTweak(c Config) *tweak {
	t := new(tweak)
	enabled := c.bits()
	var sum number
	for n := range t.steps {
		sum = sum.xor(unitBitMask(n))
		t.steps[n] = sum.and(enabled).words()
	}
	t.fillPatterns()
	return t
}

// fillPatterns sets the patterns. With 512-bit registers, a unit that is the
// n-th of the m-th four stands at the m-th place of the n-th four: loads and
// stores of the data get by with fewer steps that way.
func (t *tweak) fillPatterns() {
	for unit := range uint32(16) {
		var m words
		t.move(&m, unit)
		for i := range 8 {
			t.sixteen[i][unit%4*4+unit/4] = m.word(i)
			if unit < 8 {
				t.eight[i][unit] = m.word(i)
			}
			if unit < 4 {
				t.four[i][unit] = m.word(i)
			}
		}
	}
}

// move makes the key of unit 0 that of another. Unit u is the XOR of 2^(n+1)-1
// over the bits n set in the Gray code of u.
func (t *tweak) move(k *words, unit uint32) {
	unit &= 1<<unitBits - 1
	for gray := unit ^ unit>>1; gray != 0; gray &= gray - 1 {
		k.xor(&t.steps[bits.TrailingZeros32(gray)])
	}
}

// within returns the mask of the bits that count the units of a group.
func (t *tweak) within(width uint32) words {
	if width == 1 {
		return words{}
	}
	return t.steps[bits.TrailingZeros32(width)-1]
}
