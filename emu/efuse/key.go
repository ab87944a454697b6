package efuse

import (
	"fmt"

	"github.com/bootsim/bootsim/flashmodel/crypt"
)

// KeySizeError tells that a key or block content does not fit a block under
// the chip's coding scheme.
type KeySizeError struct {
	Block  int
	Size   int // bytes given
	Want   int // bytes that fit
	Scheme CodingScheme
}

// Error says which size fits.
func (e *KeySizeError) Error() string {
	return fmt.Sprintf("BLOCK%d takes %d bytes under the %s coding scheme, not %d: "+
		"use a key of that size, or check CODING_SCHEME", e.Block, e.Want, e.Scheme, e.Size)
}

// KeyExpansionError tells that a 256-bit key cannot be the key of a chip with
// 3/4 coding, whose last 8 bytes repeat the bytes 8 to 15.
type KeyExpansionError struct{}

// Error tells which key to use.
func (*KeyExpansionError) Error() string {
	return "this 32-byte key cannot be in a chip with 3/4 coding, which holds 24 bytes: use the chip's own 24-byte key file"
}

// HardwareFlashKey returns the key that the AES hardware works with, whether or
// not software may read it: BLOCK1 without coding; under 3/4 the 24 decoded
// bytes k expanded to k || k[8:16] (spec 4.6), even if their check bytes are
// wrong. How hardware uses a block under CodingRepeat is not known; the half
// taken twice stands in for it.
func (s *Set) HardwareFlashKey() crypt.Key { return s.hardwareKey(1) }

// HardwareBootKey returns the key of BLOCK2 that the digest engine of Secure
// Boot V1 works with, taken from its block as HardwareFlashKey takes its own.
func (s *Set) HardwareBootKey() crypt.Key { return s.hardwareKey(2) }

func (s *Set) hardwareKey(block int) crypt.Key {
	data := s.hardData(block)
	switch s.CodingScheme() {
	case Coding34:
		return crypt.KeyFromBlock(expandBlock([24]byte(data[:24])))
	case CodingRepeat:
		copy(data[16:], data[:16])
	}
	return crypt.KeyFromBlock(data)
}

// expandBlock returns the 32 bytes of BLOCK1 that stand for the 24 decoded
// ones. The block is the key file reversed, so the repeated bytes come first.
func expandBlock(data [24]byte) (block [BlockSize]byte) {
	copy(block[:], data[8:16])
	copy(block[8:], data[:])
	return block
}

// FlashKey returns what HardwareFlashKey returns, with an error when the key is
// not one to rely on: *CodingError when BLOCK1 contradicts its coding.
func (s *Set) FlashKey() (crypt.Key, error) {
	return s.HardwareFlashKey(), s.CheckCoding(1)
}

// PlaceFlashKey puts a key into BLOCK1 as if it had always been there: for a
// chip whose dump hides the key. It is no burn. *KeyExpansionError when no chip
// with 3/4 coding can have this key.
func (s *Set) PlaceFlashKey(k crypt.Key) error { return s.placeKey(1, k) }

// PlaceBootKey is PlaceFlashKey for BLOCK2 and the key of Secure Boot V1.
func (s *Set) PlaceBootKey(k crypt.Key) error { return s.placeKey(2, k) }

func (s *Set) placeKey(into int, k crypt.Key) error {
	block := k.Block()
	switch s.CodingScheme() {
	case Coding34:
		data := [24]byte(block[8:])
		if expandBlock(data) != block {
			return &KeyExpansionError{}
		}
		return s.PlaceData(into, data[:])
	case CodingRepeat:
		return s.PlaceData(into, block[:16])
	}
	return s.PlaceData(into, block[:])
}

// PlaceData puts data bytes into BLOCK1, 2 or 3 as if they had always been
// there, coded as CODING_SCHEME asks. It is no burn: nothing is journaled and
// no protection looked at. *KeySizeError unless data fills the block.
func (s *Set) PlaceData(block int, data []byte) error {
	if block < 1 || block >= BlockCount {
		return &BurnError{Block: block, Words: len(data) / 4}
	}
	scheme := s.CodingScheme()
	if len(data) != scheme.DataSize() {
		return &KeySizeError{Block: block, Size: len(data), Want: scheme.DataSize(), Scheme: scheme}
	}
	var padded [BlockSize]byte
	copy(padded[:], data)
	s.place(block, scheme.encode(padded))
	return nil
}
