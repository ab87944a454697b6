package efuse_test

import (
	"testing"

	"github.com/bootsim/bootsim/emu/efuse"
	"github.com/bootsim/bootsim/flashmodel/crypt"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// randomSet draws a chip as burns can make it: any bits in BLOCK0, coded data in
// the others.
func randomSet(t *rapid.T) *efuse.Set {
	s := efuse.New()
	words := rapid.SliceOfN(rapid.Uint32(), 7, 7).Draw(t, "block0")
	words[0] &^= 1<<7 | 1<<8 | 1<<9 | 1<<19 // BLOCK1 to 3 open, and the scheme visible
	words[6] = words[6]&^3 | uint32(rapid.SampledFrom([]int{0, 1, 3}).Draw(t, "scheme"))
	require.NoError(t, s.Burn(0, words))
	for block := 1; block < efuse.BlockCount; block++ {
		n := s.CodingScheme().DataSize()
		require.NoError(t, s.PlaceData(block, rapid.SliceOfN(rapid.Byte(), n, n).Draw(t, "data")))
	}
	return s
}

func TestBurnOnlySetsBits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := randomSet(t)
		before := s.Clone()
		block := rapid.IntRange(0, 3).Draw(t, "block")
		want := rapid.SliceOfN(rapid.Uint32(), 0, 7).Draw(t, "burn")
		require.NoError(t, s.Burn(block, want))
		for b := range efuse.BlockCount {
			for i := range efuse.BlockWords {
				old, now := before.Word(b, i), s.Word(b, i)
				require.Equal(t, old, old&now, "a bit was cleared")
				if b != block || i >= len(want) {
					require.Equal(t, old, now, "another word changed")
				} else {
					require.Equal(t, now, now&(old|want[i]), "a bit was set unasked")
				}
			}
		}
	})
}

func TestCloneIsIndependent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := randomSet(t)
		c := s.Clone()
		require.True(t, s.Equal(c))
		bit := uint32(1) << rapid.IntRange(0, 31).Draw(t, "bit")
		require.NoError(t, c.Burn(2, []uint32{^s.Word(2, 0) & bit}))
		require.Equal(t, s.Word(2, 0)&bit != 0, s.Equal(c))
	})
}

func TestCoding34RoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		data := [24]byte(rapid.SliceOfN(rapid.Byte(), 24, 24).Draw(t, "data"))
		raw := efuse.Encode34(data)
		got, bad := efuse.Decode34(raw)
		require.Equal(t, data, got)
		require.Empty(t, bad)
		flip := rapid.IntRange(0, 255).Draw(t, "flip")
		raw[flip/8] ^= 1 << (flip % 8)
		_, bad = efuse.Decode34(raw)
		require.Equal(t, []int{flip / 64}, bad, "one wrong bit shows in its group")
	})
}

// The dumps of a chip tell everything but what is read-protected.
func TestDumpRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := randomSet(t)
		for _, b := range [][]byte{s.Dump(), s.Virtual()} {
			d := parse(t, b)
			require.Equal(t, s.Dump(), d.Set.Dump())
			require.Equal(t, s.Virtual(), d.Set.Virtual())
			for block := 1; block < efuse.BlockCount; block++ {
				require.Equal(t, s.KeyReadProtected(block), d.Hidden[block])
				if !d.Hidden[block] {
					require.Equal(t, s.Cells(block), d.Set.Cells(block))
				}
			}
		}
	})
}

// A key that was burnt, hidden and filled in from its file again is the same to
// the hardware.
func TestKeyRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, err := efuse.FromFields(map[string]any{"CODING_SCHEME": rapid.IntRange(0, 1).Draw(t, "scheme")})
		require.NoError(t, err)
		n := s.CodingScheme().DataSize()
		file := rapid.SliceOfN(rapid.ByteMin(1), n, n).Draw(t, "key")
		key, err := crypt.ParseKey(file)
		require.NoError(t, err)
		b := s.Begin()
		require.NoError(t, b.Key("flash_encryption", file, true))
		require.NoError(t, b.Commit())
		require.True(t, s.HardwareFlashKey().Equal(key))
		d := parse(t, s.Dump())
		require.NoError(t, d.Set.PlaceFlashKey(key))
		require.True(t, d.Set.Equal(s))
	})
}

// A field burnt reads what was asked for, and a chip built by names from what
// every field reads is the same chip.
func TestFieldsRebuildTheChip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := efuse.New()
		named := map[string]any{}
		for _, f := range efuse.Fields() {
			if f.Derived || f.Kind == efuse.Bytes || f.Name == "CODING_SCHEME" || f.Name == "WR_DIS" || f.Name == "RD_DIS" {
				continue
			}
			v := rapid.Uint64Range(0, 1<<f.Len-1).Draw(t, f.Name)
			require.NoError(t, s.BurnField(f, v))
			require.Equal(t, v, s.Get(f), f.Name)
			named[rapid.SampledFrom(f.Names()).Draw(t, "name")] = v
		}
		rebuilt, err := efuse.FromFields(named)
		require.NoError(t, err)
		require.True(t, s.Equal(rebuilt))
	})
}
