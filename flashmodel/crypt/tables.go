package crypt

import (
	"encoding/binary"
	"math/bits"
	"sync"
)

// tables are AES's S-boxes, alone and combined with the mixing of a column
// (FIPS 197, 5.1.3): table n takes byte n of a column, counted from the top.
type tables struct {
	sbox, inverse [256]byte
	enc, dec      [4][256]uint32 // S-box, then mix; inverse S-box, then unmix
	unmix         [4][256]uint32
}

// aesTables returns the tables, computed at first use.
var aesTables = sync.OnceValue(func() *tables {
	t := new(tables)
	t.fillBoxes()
	for x := range 256 {
		s := uint32(t.sbox[x])
		spread(&t.enc, x, double(s)<<24|s<<16|s<<8|double(s)^s)
		x2 := double(uint32(x))
		x4 := double(x2)
		x8 := double(x4)
		one := uint32(x)
		spread(&t.unmix, x, (x8^x4^x2)<<24|(x8^one)<<16|(x8^x4^one)<<8|x8^x2^one)
	}
	for x := range 256 {
		for n := range t.dec {
			t.dec[n][x] = t.unmix[n][t.inverse[x]]
		}
	}
	return t
})

// fillBoxes computes the S-box (FIPS 197, 5.1.1): p runs through the powers of
// 3, which are all bytes but 0, and q through those of its inverse.
func (t *tables) fillBoxes() {
	p, q := byte(1), byte(1)
	for {
		s := q ^ bits.RotateLeft8(q, 1) ^ bits.RotateLeft8(q, 2) ^ bits.RotateLeft8(q, 3) ^ bits.RotateLeft8(q, 4) ^ 0x63
		t.sbox[p], t.inverse[s] = s, p
		p ^= byte(double(uint32(p)))
		if q = third(q); p == 1 {
			break
		}
	}
	t.sbox[0], t.inverse[0x63] = 0x63, 0
}

// double multiplies by 2 in AES's field of 256 elements.
func double(x uint32) uint32 { return (x<<1 ^ x>>7*0x11b) & 0xff }

// third divides by 3, that is, multiplies by 0xf6.
func third(x byte) byte {
	x ^= x << 1
	x ^= x << 2
	x ^= x << 4
	if x&0x80 != 0 {
		x ^= 0x09
	}
	return x
}

// spread enters a mixed column for the byte x in each of its four places.
func spread(t *[4][256]uint32, x int, column uint32) {
	for n := range t {
		t[n][x] = bits.RotateLeft32(column, -8*n)
	}
}

// sub applies the S-box to each byte of a word.
func (t *tables) sub(x uint32) uint32 { return join(&t.sbox, x, x, x, x) }

// invMix is InvMixColumns of one column.
func (t *tables) invMix(x uint32) uint32 {
	return t.unmix[0][byte(x>>24)] ^ t.unmix[1][byte(x>>16)] ^ t.unmix[2][byte(x>>8)] ^ t.unmix[3][byte(x)]
}

// join makes a column of the top byte of a, the next one of b, and so on, each
// put through an S-box.
func join(s *[256]byte, a, b, c, d uint32) uint32 {
	return uint32(s[byte(a>>24)])<<24 | uint32(s[byte(b>>16)])<<16 | uint32(s[byte(c>>8)])<<8 | uint32(s[byte(d)])
}

func le32(b []byte) uint32 { return binary.LittleEndian.Uint32(b) }

func putLE32(b []byte, x uint32) { binary.LittleEndian.PutUint32(b, x) }
