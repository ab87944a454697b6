package emu_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/efuse"
	"github.com/bootsim/bootsim/flashmodel"
)

// Chips of which SameCipher says so show the same flash alike.
func TestSameCipherShowsTheSame(t *testing.T) {
	flash, err := flashmodel.New(flashmodel.MinSize)
	require.NoError(t, err)
	require.NoError(t, flash.Place(0xABCC0, make([]byte, 64)))
	show := func(s *efuse.Set) (b [64]byte) {
		d := &emu.Device{Flash: flash, Efuses: s}
		d.Cached().Read(0xABCC0, b[:]) // an address with many ones in the tweak
		return b
	}
	alike := 0
	rapid.Check(t, func(t *rapid.T) {
		draw := func() *efuse.Set {
			s := efuse.New()
			word := func(name string, of ...uint32) uint32 { return rapid.SampledFrom(of).Draw(t, name) }
			require.NoError(t, s.Burn(1, []uint32{word("key", 0, 1, 1<<31), 0, 0, 0, 0, 0, 0, word("end", 0, 1)}))
			require.NoError(t, s.Burn(0, []uint32{word("count", 0, 1, 3, 5, 7) << 20, 0, 0, 0, 0, word("config", 0, 0xF, 1) << 28, word("coding", 0, 1, 2, 3, 4)}))
			return s
		}
		a, b := draw(), draw()
		require.Equal(t, a.SameCipher(b), b.SameCipher(a))
		if a.SameCipher(b) {
			alike++
			require.Equal(t, show(a), show(b))
		}
	})
	require.Positive(t, alike)
}

// What is burnt beside the key, or without changing what the count says, is no
// other cipher.
func TestSameCipherAfterBurns(t *testing.T) {
	s := efuse.New()
	require.NoError(t, s.Burn(0, []uint32{1 << 20, 0, 0, 0, 0, 1 << 28}))
	for _, same := range []struct {
		block int
		words []uint32
		want  bool
	}{
		{0, []uint32{6 << 20}, true}, {0, []uint32{2 << 20}, false}, {0, []uint32{0xF<<16 | 0x80}, true},
		{0, []uint32{0, 1, 1, 1, 1, 1, 0x3F4}, true}, {0, []uint32{0, 0, 0, 0, 0, 0, 1}, false},
		{0, []uint32{0, 0, 0, 0, 0, 2 << 28}, false}, {1, []uint32{1}, false}, {2, []uint32{1}, true},
	} {
		o := s.Clone()
		require.NoError(t, o.Burn(same.block, same.words))
		require.Equal(t, same.want, s.SameCipher(o), "%v", same)
	}
}
