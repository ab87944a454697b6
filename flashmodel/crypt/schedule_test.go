package crypt

import (
	"math/big"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// The numbers that the reference tool multiplies with, and what it keeps of the
// second product (espsecure/__init__.py@v4.8.1).
const (
	toolLong  = "0000200004000080000004000080001000000200004000080000040000800010"
	toolShort = "0000000000000000200000000000000010000000000000002000000000000001"
	toolRoom  = "000000000000007fe00000000000000ff000000000000007e00000000000000f"
)

func hexNumber(t require.TestingT, s string) *big.Int {
	n, ok := new(big.Int).SetString(s, 16)
	require.True(t, ok)
	return n
}

// The tool's masks, reckoned with numbers of any length, over all 27 bits that
// the unit of a 32-bit address has.
func TestToolMask(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		unit := rapid.Uint32Range(0, 1<<27).Draw(t, "unit")
		u := big.NewInt(int64(unit))
		want := new(big.Int).Mul(hexNumber(t, toolShort), u)
		want.And(want, hexNumber(t, toolRoom))
		want.Or(want, new(big.Int).Mul(hexNumber(t, toolLong), u))
		want.Mod(want, new(big.Int).Lsh(big.NewInt(1), 256))
		require.Zero(t, want.Cmp(toolMask(unit).big()))
	})
}

// Multiplication carries from word to word.
func TestTimes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.OneOf(rapid.Uint64(), rapid.SampledFrom([]uint64{0, ^uint64(0), ^uint64(0) / 3}))
		a := number{word.Draw(t, "0"), word.Draw(t, "1"), word.Draw(t, "2"), word.Draw(t, "3")}
		n := rapid.OneOf(rapid.Uint32(), rapid.Just(uint32(3))).Draw(t, "n")
		want := new(big.Int).Mul(a.big(), big.NewInt(int64(n)))
		want.Mod(want, new(big.Int).Lsh(big.NewInt(1), 256))
		require.Zero(t, want.Cmp(a.times(n).big()))
	})
}

func (a number) big() *big.Int {
	n := new(big.Int)
	for i := len(a) - 1; i >= 0; i-- {
		n.Or(n.Lsh(n, 64), new(big.Int).SetUint64(a[i]))
	}
	return n
}

// The tool's product equals the hardware's masks for every unit of 16 MB, the
// step from group to group of any width leads to the same keys as the direct
// way, and so does the pattern within a group.
func TestScheduleExhaustive(t *testing.T) {
	s, tw := newSchedule(Key{}, FullConfig, false), FullConfig.tweak()
	for _, width := range []uint32{1, 4, 8, 16} {
		bases := make([]words, 1<<unitBits/width)
		s.fill(tw, bases, 0, width)
		for u := range uint32(1 << unitBits) {
			var direct words
			tw.move(&direct, u)
			got := bases[u/width]
			got.xor(patternOf(tw, width, u%width))
			if got != direct || direct != toolMask(u).words() {
				t.Fatalf("unit 0x%x: stepped %x, direct %x, tool %x", u, got, direct, toolMask(u).words())
			}
		}
	}
}

// patternOf returns what the n-th unit of a group differs by from the first.
func patternOf(tw *tweak, width, n uint32) *words {
	var w words
	for i := range 8 {
		var x uint32
		switch width {
		case 4:
			x = tw.four[i][n]
		case 8:
			x = tw.eight[i][n]
		case 16:
			x = tw.sixteen[i][n%4*4+n/4]
		}
		w[i/2] |= uint64(x) << (i % 2 * 32)
	}
	return &w
}

// The four quarters of the configuration share out the key.
func TestConfigBits(t *testing.T) {
	var all number
	for i := range 4 {
		quarter := Config(1 << i).bits()
		require.Equal(t, number{}, all.and(quarter))
		all = all.or(quarter)
	}
	require.Equal(t, number{^uint64(0), ^uint64(0), ^uint64(0), ^uint64(0)}, all)
	require.Equal(t, FullConfig.bits(), Config(0xFF).bits(), "only four bits exist")
}
