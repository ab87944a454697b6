package efuse_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/bootsim/bootsim/emu/efuse"
)

// looks are readings of a chip's eFuses, of which a trace is to tell the bits.
var looks = map[string]func(*efuse.Set) any{
	"count": func(s *efuse.Set) any { return s.FlashCryptCnt() }, "count8": func(s *efuse.Set) any { return s.FlashCryptCnt8() },
	"encryption": func(s *efuse.Set) any { return s.FlashEncryption() }, "config": func(s *efuse.Set) any { return s.CryptConfig() },
	"coding": func(s *efuse.Set) any { return s.CodingScheme() }, "key": func(s *efuse.Set) any { return s.HardwareFlashKey() },
	"package": func(s *efuse.Set) any { return s.Package() }, "revision": func(s *efuse.Set) any { return s.Revision(true) },
	"secure boot": func(s *efuse.Set) any { return [2]bool{s.AbsDone0(), s.AbsDone1()} },
	"frequency":   func(s *efuse.Set) any { return s.CPULimit160() }, "version": func(s *efuse.Set) any { return s.SecureVersion() },
	"protection": func(s *efuse.Set) any {
		return [2]bool{s.WriteProtected(efuse.WrDisJTAG), s.ReadProtected(efuse.RdDisConfig)}
	},
	"pins": func(s *efuse.Set) any { return [2]uint32{s.ReadBits(0, 3, 31<<4), s.ReadBits(0, 5, 0xFFFFF)} },
	"word": func(s *efuse.Set) any { return s.ReadWord(3, 4) }, "bits": func(s *efuse.Set) any { return s.ReadBits(3, 5, 0xFF00) },
}

func chip(t *rapid.T) *efuse.Set {
	s := efuse.New()
	for _, block := range []int{3, 2, 1, 0} { // protection comes last
		n := 8
		if block == 0 {
			n = 7
		}
		words := rapid.SliceOfN(rapid.Uint32(), n, n).Draw(t, "words")
		if err := s.Burn(block, words); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

// What a trace does not tell may be otherwise without a difference.
func TestTraceTellsEveryBit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.SampledFrom([]string{"count", "count8", "encryption", "config", "coding", "key", "package", "revision",
			"secure boot", "frequency", "version", "protection", "pins", "word", "bits"}).Draw(t, "look")
		a, b := chip(t), chip(t)
		var bits efuse.Bits
		a.Trace(&bits)
		was := looks[name](a)
		a.Trace(nil)
		if a.EqualIn(&bits, b) {
			require.Equal(t, was, looks[name](b), name)
		}
		// The other chip, with what was looked at made equal to the first.
		c := efuse.New()
		for block := range bits {
			words := make([]uint32, 8)
			for i, mask := range bits[block] {
				words[i] = a.Word(block, i)&mask | b.Word(block, i)&^mask
			}
			if block == 0 {
				words = words[:7]
			}
			require.NoError(t, c.Burn(block, words))
		}
		if a.EqualIn(&bits, c) { // burns may have been kept from protected blocks
			require.Equal(t, was, looks[name](c), name)
		}
	})
}

// Bits that nobody reads in a word are not told.
func TestTraceTellsNoMore(t *testing.T) {
	var bits efuse.Bits
	s := efuse.New()
	s.Trace(&bits)
	s.CodingScheme()
	s.CryptConfig()
	s.ReadBits(0, 6, 1<<6)
	require.Equal(t, efuse.Bits{{0: 1 << 19, 5: 0xF << 28, 6: 3 | 1<<6}}, bits)
}
