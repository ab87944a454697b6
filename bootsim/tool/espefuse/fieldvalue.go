package espefuse

import (
	"encoding/hex"
	"math/big"
	"strings"

	"github.com/bootsim/bootsim/bootsim/tool/cli"
	"github.com/bootsim/bootsim/emu/efuse"
)

// newValue is what a field is to become: a number, or bytes with the least
// significant first.
type newValue struct {
	number *big.Int
	bytes  []byte
}

// parseValue reads the value of a field as the reference does; nil stands for
// none.
func (c *chip) parseValue(f efuse.Field, text *string) (newValue, error) {
	switch {
	case f.Name == factoryMAC || f.Name == customMAC:
		b, err := parseMAC(text)
		return newValue{bytes: b}, err
	case f.Kind == efuse.Bytes:
		b, err := c.parseBytes(f, text)
		return newValue{bytes: b}, err
	}
	x, err := c.parseNumber(f, text)
	return newValue{number: x}, err
}

func needsValue(f efuse.Field) error {
	return cli.Fatalf("New value required for eFuse '%s' (given None)", f.Name)
}

func (c *chip) parseNumber(f efuse.Field, text *string) (*big.Int, error) {
	counts := f.Name == "SECURE_VERSION" // its ones count, so there is always a next value
	if text == nil {
		switch {
		case f.Kind == efuse.Bool:
			return big.NewInt(1), nil
		case counts:
			return nextCount(c.bits(f).int()), nil
		}
		return nil, needsValue(f)
	}
	x, ok := cli.ParseInt(*text)
	if !ok {
		return nil, cli.Brokenf("invalid literal for int() with base 0: '%s' is no number: give %s a decimal number, or one with 0x or 0b",
			*text, f.Name)
	}
	switch {
	case f.Kind == efuse.Bool && x.Cmp(big.NewInt(1)) != 0:
		return nil, cli.Fatalf("New value is not accepted for eFuse '%s' (will always burn 0->1), given value=%s", f.Name, x)
	case f.Category == "spi pad":
		x, ok := padNumber(x)
		return x, padError(f, x, ok)
	case f.Kind == efuse.Uint && !counts && x.Sign() == 0:
		return nil, zeroError(f)
	}
	return x, nil
}

func zeroError(f efuse.Field) error {
	return cli.Fatalf("New value should not be 0 for '%s' (given value= 0)", f.Name)
}

// nextCount sets the lowest bit that is clear.
func nextCount(held *big.Int) *big.Int {
	next := new(big.Int).Set(held)
	for bit := 0; ; bit++ {
		if held.Bit(bit) == 0 {
			return next.SetBit(next, bit, 1)
		}
	}
}

// parseBytes reads hexadecimal digits: after 0x the most significant byte comes
// first, otherwise the least significant.
func (c *chip) parseBytes(f efuse.Field, text *string) ([]byte, error) {
	if text == nil {
		return nil, needsValue(f)
	}
	digits, number := strings.CutPrefix(*text, "0x")
	b, err := unhex(digits)
	if err != nil {
		return nil, err
	}
	if number {
		reverse(b)
	}
	if n := c.shown.FieldLen(f); 8*len(b) != n {
		return nil, cli.Fatalf("The length of eFuse '%s' (%d bits) (given len of the new value= %d bits)", f.Name, n, 8*len(b))
	}
	return b, nil
}

// unhex does not repeat the digits in its error: they may be a key.
func unhex(digits string) ([]byte, error) {
	b, err := hex.DecodeString(digits)
	if err != nil {
		return nil, cli.Brokenf("the value is not made of pairs of hexadecimal digits")
	}
	return b, nil
}

// parseMAC reads an address in the order in which it is written.
func parseMAC(text *string) ([]byte, error) {
	switch {
	case text == nil:
		return nil, cli.Fatalf("Required MAC Address in AA:CD:EF:01:02:03 format!")
	case strings.Count(*text, ":") != 5:
		return nil, cli.Fatalf("MAC Address needs to be a 6-byte hexadecimal format separated by colons (:)!")
	}
	digits, _, _ := strings.Cut(strings.ReplaceAll(*text, ":", ""), " ")
	if len(digits) != 12 {
		return nil, cli.Fatalf("MAC Address needs to be a 6-byte hexadecimal number (12 hexadecimal characters)!")
	}
	b, err := unhex(digits)
	if err != nil {
		return nil, err
	}
	if b[0]&1 == 1 {
		return nil, cli.Fatalf("Custom MAC must be a unicast MAC!")
	}
	return b, nil
}

// newBits turns a value into the bits of a field. Numbers that do not fit are
// refused.
func (s *session) newBits(f efuse.Field, v newValue) (bits, error) {
	if v.number == nil {
		return bitsOf(v.bytes, 8*len(v.bytes)), nil
	}
	n := s.chip.shown.FieldLen(f)
	switch {
	case v.number.Sign() < 0:
		s.unsuitable(f, v)
		return bits{}, cli.Fatalf("uint cannot be initialised with a negative number.")
	case v.number.BitLen() > n:
		s.unsuitable(f, v)
		return bits{}, cli.Fatalf("%s is too large an unsigned integer for a bitstring of length %d. The allowed range is [0, %s].",
			v.number, n, mask(n))
	}
	return bitsOfInt(v.number, n), nil
}

func (s *session) unsuitable(f efuse.Field, v newValue) {
	s.env.Printf("New value '%s' is not suitable for %s (%s)\n", v.number, f.Name, s.chip.typeText(f))
}
