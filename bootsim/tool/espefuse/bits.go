package espefuse

import (
	"fmt"
	"math/big"
	"strings"

	"github.com/bootsim/bootsim/emu/efuse"
)

// bits is the content of a field or block: up to 256 bits, the least
// significant byte first. Bits from n on are zero.
type bits struct {
	b [efuse.BlockSize]byte
	n int
}

// bitsOf returns n bits of data.
func bitsOf(data []byte, n int) (v bits) {
	copy(v.b[:], data)
	v.n = n
	for i := n; i < 8*len(v.b); i++ {
		v.b[i/8] &^= 1 << (i % 8)
	}
	return v
}

// bitsOfInt returns the lowest n bits of a number of up to 256.
func bitsOfInt(x *big.Int, n int) (v bits) {
	x.FillBytes(v.b[:])
	reverse(v.b[:])
	return bitsOf(v.b[:], n)
}

func (v bits) zero() bool { return v.b == [efuse.BlockSize]byte{} }

// bytes returns the content, the least significant byte first.
func (v bits) bytes() []byte { return v.b[:(v.n+7)/8] }

func (v bits) int() *big.Int { return new(big.Int).SetBytes(reversed(v.b[:])) }

func (v bits) or(o bits) bits {
	for i := range v.b {
		v.b[i] |= o.b[i]
	}
	return v
}

func (v bits) and(o bits) bits {
	for i := range v.b {
		v.b[i] &= o.b[i]
	}
	return v
}

func (v bits) without(o bits) bits {
	for i := range v.b {
		v.b[i] &^= o.b[i]
	}
	return v
}

// within tells whether all bits of v are set in o.
func (v bits) within(o bits) bool { return v.and(o).b == v.b }

// slice returns n bits from bit at on.
func (v bits) slice(at, n int) bits {
	x := v.int()
	return bitsOfInt(x.Rsh(x, uint(at)), n)
}

// shifted returns the bits at their place in a block of n bits.
func (v bits) shifted(at, n int) bits {
	x := v.int()
	x.Lsh(x, uint(at))
	return bitsOfInt(x.And(x, mask(n)), n)
}

func mask(n int) *big.Int {
	one := big.NewInt(1)
	return new(big.Int).Sub(new(big.Int).Lsh(one, uint(n)), one)
}

// String writes the bits as the reference does: in hexadecimal when they fill
// whole digits, in binary when there are few, else the rest in binary.
func (v bits) String() string {
	switch {
	case v.n == 0:
		return ""
	case v.n%4 == 0:
		return "0x" + v.hex()
	case v.n < 32:
		return fmt.Sprintf("0b%0*b", v.n, v.int())
	}
	rest := v.n % 4
	return fmt.Sprintf("%s, 0b%0*b", v.slice(rest, v.n-rest), rest, v.slice(0, rest).int())
}

// hex returns whole digits, the most significant first.
func (v bits) hex() string { return fmt.Sprintf("%0*x", v.n/4, v.int()) }

// words returns the bits as registers show them, the lowest word first.
func (v bits) words() string {
	var words []string
	for i := 0; i < v.n/8; i += 4 {
		words = append(words, fmt.Sprintf("%02x%02x%02x%02x", v.b[i+3], v.b[i+2], v.b[i+1], v.b[i]))
	}
	return strings.Join(words, " ")
}

func reverse(b []byte) {
	for i, j := 0, len(b)-1; i < j; i, j = i+1, j-1 {
		b[i], b[j] = b[j], b[i]
	}
}

func reversed(b []byte) []byte {
	out := append([]byte(nil), b...)
	reverse(out)
	return out
}
