package efuse

import "math/bits"

// Bits is a set of eFuse bits: for every word of every block, the bits of it.
type Bits [BlockCount][BlockWords]uint32

// Trace adds every bit that is looked at from now on to b, until it is called
// with nil. What depends on a chip's eFuses depends on these bits alone.
func (s *Set) Trace(b *Bits) { s.trace = b }

// EqualIn tells whether two chips hold the same in the given bits.
func (s *Set) EqualIn(b *Bits, o *Set) bool {
	if s.cells == o.cells {
		return true
	}
	var differ uint32
	for block := range b {
		for i, mask := range b[block] {
			differ |= (s.cells[block][i] ^ o.cells[block][i]) & mask
		}
	}
	return differ == 0
}

// Bits of BLOCK0 that decide what the cache shows (spec 4.1): FLASH_CRYPT_CNT,
// FLASH_CRYPT_CONFIG and CODING_SCHEME.
const (
	countBits  = 0x7F << 20 // of word 0
	configBits = 0xF << 28  // of word 5
	codingBits = 3          // of word 6
)

// SameCipher tells whether the caches of two chips show the same flash alike:
// both as it is, or both decrypted with the same key, configuration and coding
// scheme. What FLASH_CRYPT_CNT counts does not matter to that but for its
// parity. No trace is told.
func (s *Set) SameCipher(o *Set) bool {
	if s.cells == o.cells {
		return true
	}
	on := odd(s.cells[0][0] & countBits)
	if on != odd(o.cells[0][0]&countBits) {
		return false
	}
	return !on || s.cells[1] == o.cells[1] &&
		(s.cells[0][5]^o.cells[0][5])&configBits == 0 && (s.cells[0][6]^o.cells[0][6])&codingBits == 0
}

func odd(w uint32) bool { return bits.OnesCount32(w)%2 == 1 }

// word is where every cell is read.
func (s *Set) word(block, i int) uint32 { return s.masked(block, i, ^uint32(0)) }

// masked is some bits of a word, which alone are looked at.
func (s *Set) masked(block, i int, mask uint32) uint32 {
	if s.trace != nil {
		s.trace[block][i] |= mask
	}
	return s.cells[block][i] & mask
}
