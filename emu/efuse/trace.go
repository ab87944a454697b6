package efuse

import "math/bits"

// Words is a set of eFuse words: bit 8*block+i stands for word i of a block.
type Words uint32

// What the cache looks at (spec 4.1): FLASH_CRYPT_CNT tells whether it decrypts,
// FLASH_CRYPT_CONFIG, CODING_SCHEME and BLOCK1 tell how.
const (
	EncryptionWords Words = 1 << 0
	CipherWords           = EncryptionWords | 1<<5 | 1<<6 | 0xFF<<BlockWords
)

// Trace adds every word that is looked at from now on to w, until it is called
// with nil. What depends on a chip's eFuses depends on these words alone.
func (s *Set) Trace(w *Words) { s.trace = w }

// EqualIn tells whether two chips hold the same in the given words.
func (s *Set) EqualIn(w Words, o *Set) bool {
	for ; w != 0; w &= w - 1 {
		n := bits.TrailingZeros32(uint32(w))
		if s.cells[n/BlockWords][n%BlockWords] != o.cells[n/BlockWords][n%BlockWords] {
			return false
		}
	}
	return true
}

// word is where every cell is read.
func (s *Set) word(block, i int) uint32 {
	if s.trace != nil {
		*s.trace |= 1 << (block*BlockWords + i)
	}
	return s.cells[block][i]
}
