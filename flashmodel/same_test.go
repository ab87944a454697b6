package flashmodel_test

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/bootsim/bootsim/flashmodel"
)

// Same is what a comparison of the sectors byte by byte says.
func TestSameIsEqualityOfSectors(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		a, err := flashmodel.New(flashmodel.MinSize)
		require.NoError(rt, err)
		addr := rapid.OneOf(rapid.Uint32Range(0, 2*flashmodel.MinSize), rapid.SampledFrom([]uint32{0, 0xFFFF, 0x10000, 0x1FFFF, flashmodel.MinSize - 1}))
		require.NoError(rt, a.Place(addr.Draw(rt, "first")%flashmodel.MinSize, []byte{0}))
		b := a.Fork()
		for range rapid.IntRange(0, 3).Draw(rt, "writes") {
			at := addr.Draw(rt, "write") % flashmodel.MinSize
			require.NoError(rt, b.Place(at, []byte{rapid.SampledFrom([]byte{0, 0xFF}).Draw(rt, "byte")}))
		}
		from, size := addr.Draw(rt, "from"), rapid.Uint32Range(0, 0x40000).Draw(rt, "size")
		low := from &^ (flashmodel.SectorSize - 1)
		high := (from + size + flashmodel.SectorSize - 1) &^ (flashmodel.SectorSize - 1)
		if size == 0 {
			high = low
		}
		left, right := make([]byte, high-low), make([]byte, high-low)
		a.Read(low, left)
		b.Read(low, right)
		require.Equal(rt, bytes.Equal(left, right), a.Same(b, from, size), "0x%x, 0x%x bytes", from, size)
	})
}

func TestSameNeedsEqualSizes(t *testing.T) {
	a, err := flashmodel.New(1 << 20)
	require.NoError(t, err)
	b, err := flashmodel.New(2 << 20)
	require.NoError(t, err)
	require.False(t, a.Same(b, 0, 0))
}
