package recall_test

import (
	"crypto/sha256"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/recall"
)

const begin, size = 0x10000, 0x30010

func hashOf(d *emu.Device, at uint32) [sha256.Size]byte {
	b := make([]byte, size)
	d.Cached().Read(at, b)
	return sha256.Sum256(b)
}

// A hash that goes on from an earlier one is that of the bytes, wherever they
// changed, and so is one that goes on from there.
func TestHashesGoOnFromBeforeTheChange(t *testing.T) {
	d := device(t)
	var s recall.Sums
	require.Equal(t, hashOf(d, begin), s.SHA256(d, d.Cached(), begin, size, nil))
	for n, at := range []uint32{0x3fff0, 0x30000, 0x2ffff, 0x24000, 0x23fff, 0x14000, 0x10000, 0x40008, 0x18000, 0x38000, 0x3c000} {
		require.NoError(t, d.Flash.Place(at, []byte{byte(n)}))
		before := s.Work().Hashed
		require.Equal(t, hashOf(d, begin), s.SHA256(d, d.Cached(), begin, size, nil), "0x%x", at)
		require.LessOrEqual(t, s.Work().Hashed-before, uint64(begin+size-at+20<<10), "0x%x", at)
	}
}

// What a pass hashed along with checksums is the hash, but only from where it
// began on, and only if nothing was left out.
func TestPassesAreHashesOfTheirOwnBytes(t *testing.T) {
	d := device(t)
	require.NoError(t, d.Flash.Place(begin, []byte{1, 2, 3}))
	for _, c := range []struct {
		from      uint32
		summed    [][2]uint32
		readAgain bool
	}{
		{begin, [][2]uint32{{begin + 24, 0x8000}, {begin + 0x8020, 0x20000}}, false},
		{begin, [][2]uint32{{begin + 0x10000, 0x8000}}, true},
		{begin, [][2]uint32{{begin, 0x8000}, {begin + 0x20000, 0x8000}}, true},
		{begin + 0x10000, [][2]uint32{{begin + 0x10000, 0x10000}}, true},
		{begin, [][2]uint32{{begin, 0x40000}}, true}, // further than what is asked for
	} {
		var s recall.Sums
		p := recall.NewPass(c.from)
		for _, b := range c.summed {
			s.XOR(d, d.Cached(), b[0], b[1], &p)
		}
		require.Equal(t, hashOf(d, begin), s.SHA256(d, d.Cached(), begin, size, &p), "%x", c)
		require.Equal(t, c.readAgain, s.Work().Read > size, "%x", c)
	}
}

// One pass serves several hashes that begin where it began, longer ones and
// shorter ones in any order, and what is remembered of them stays right.
func TestAPassServesSeveralHashes(t *testing.T) {
	d := device(t)
	bytes := make([]byte, 0x40000)
	rapid.Check(t, func(t *rapid.T) {
		require.NoError(t, d.Flash.Place(begin+rapid.Uint32Range(0, 0x3FFFF).Draw(t, "changed"), []byte{rapid.Byte().Draw(t, "byte")}))
		d.Cached().Read(begin, bytes)
		var s recall.Sums
		p := recall.NewPass(begin)
		s.XOR(d, d.Cached(), begin, rapid.Uint32Range(1, 0x40000).Draw(t, "summed"), &p)
		for _, n := range rapid.SliceOfN(rapid.Uint32Range(1, 0x40000), 1, 6).Draw(t, "sizes") {
			require.Equal(t, sha256.Sum256(bytes[:n]), s.SHA256(d, d.Cached(), begin, n, &p), "%d bytes", n)
		}
	})
}

// A shorter hash than the pass has come is made from its last state before the end.
func TestShorterHashesAreNotMadeAnew(t *testing.T) {
	d := device(t)
	var s recall.Sums
	p := recall.NewPass(begin)
	s.SHA256(d, d.Cached(), begin, 0x40000, &p)
	s.XOR(d, d.Cached(), begin, 0x40000, &p)
	s.SHA256(d, d.Cached(), begin, 0x40000-32, &p)
	before := s.Work()
	require.Equal(t, hashOf(d, begin), s.SHA256(d, d.Cached(), begin, size, &p))
	require.LessOrEqual(t, s.Work().Hashed-before.Hashed, uint64(20<<10))
}
