package flashmodel_test

import (
	"bytes"
	"sync"
	"testing"

	"github.com/bootsim/bootsim/flashmodel"
	"github.com/stretchr/testify/require"
)

func TestSizes(t *testing.T) {
	for size := uint32(flashmodel.MinSize); size <= flashmodel.MaxSize; size *= 2 {
		require.Equal(t, size, newFlash(t, size).Size())
	}
	for _, size := range []uint32{0, 1, 4096, 512 << 10, 3 << 20, 4<<20 + 1, 32 << 20, 1 << 31, 0xffffffff} {
		_, err := flashmodel.New(size)
		var bad *flashmodel.SizeError
		require.ErrorAs(t, err, &bad)
		require.Equal(t, size, bad.Size)
	}
}

// A page program goes on at the start of its page, and of more than 256 bytes
// the last ones stay in the buffer.
func TestPageProgramWraps(t *testing.T) {
	f := newFlash(t, flashmodel.MinSize)
	require.NoError(t, f.PageProgram(0x12FE, []byte{1, 2, 3}))
	got := make([]byte, 4)
	f.Read(0x12FD, got)
	require.Equal(t, []byte{0xFF, 1, 2, 0xFF}, got)
	f.Read(0x1200, got)
	require.Equal(t, []byte{3, 0xFF, 0xFF, 0xFF}, got)

	long := append(append([]byte{0, 0}, bytes.Repeat([]byte{0xAA}, 254)...), 7, 8)
	require.NoError(t, f.PageProgram(0x3000, long))
	f.Read(0x3000, got)
	require.Equal(t, []byte{7, 8, 0xAA, 0xAA}, got)
}

// Programming clears bits and sets none.
func TestProgramOnlyClears(t *testing.T) {
	f := newFlash(t, flashmodel.MinSize)
	require.NoError(t, f.Program(0x10, []byte{0xF0}))
	require.NoError(t, f.Program(0x10, []byte{0x3C}))
	var got [1]byte
	f.Read(0x10, got[:])
	require.Equal(t, byte(0x30), got[0])
}

// A second program that clears bits only where the first wrapped to.
func TestPageProgramWrapsAgain(t *testing.T) {
	f := newFlash(t, flashmodel.MinSize)
	require.NoError(t, f.PageProgram(0x12FF, []byte{0, 0xF0}))
	require.NoError(t, f.PageProgram(0x12FF, []byte{0, 0}))
	var got [1]byte
	f.Read(0x1200, got[:])
	require.Zero(t, got[0])
}

// Erased bytes placed into a sector leave the rest of it.
func TestPlaceErased(t *testing.T) {
	f := newFlash(t, flashmodel.MinSize)
	require.NoError(t, f.Place(0x3000, []byte{1, 2, 3}))
	require.NoError(t, f.Place(0x3001, []byte{0xFF}))
	got := make([]byte, 3)
	f.Read(0x3000, got)
	require.Equal(t, []byte{1, 0xFF, 3}, got)
}

// Erased looks at every cell that it is asked for, and at none else.
func TestErased(t *testing.T) {
	f := newFlash(t, flashmodel.MinSize)
	require.True(t, f.Erased(0, 0xffffffff))
	require.NoError(t, f.Program(0xC0DE0, []byte{0xFE}))
	require.False(t, f.Erased(0, 0xC0DE1))
	require.True(t, f.Erased(0, 0xC0DE0))
	require.True(t, f.Erased(0xC0DE1, flashmodel.MinSize-1))
	require.False(t, f.Erased(0xC0DE1, flashmodel.MinSize))
	require.True(t, f.Erased(0xC0DE0, 0))
}

// Every size has its first and last cell, and nothing behind it but the first.
func TestEnds(t *testing.T) {
	for size := uint32(flashmodel.MinSize); size <= flashmodel.MaxSize; size *= 2 {
		f := newFlash(t, size)
		erased := f.Sum()
		require.NoError(t, f.Program(size-1, []byte{1, 2}))
		got := make([]byte, 2)
		f.Read(size-1, got)
		require.Equal(t, []byte{1, 2}, got)
		f.Read(0, got)
		require.Equal(t, []byte{2, 0xFF}, got)
		require.Equal(t, []uint32{0, size - 4096}, f.ChangedSectors(newFlash(t, size)))
		require.NoError(t, f.Erase(3*size+5, flashmodel.OpEraseSector))
		require.NoError(t, f.EraseRange(size-4096, 4096))
		require.Equal(t, erased, f.Sum())
	}
}

func TestErrors(t *testing.T) {
	f := newFlash(t, flashmodel.MinSize)
	var align *flashmodel.AlignError
	require.ErrorAs(t, f.EraseRange(0x1001, 0x1000), &align)
	require.ErrorContains(t, align, "0x00001001")
	require.ErrorAs(t, f.EraseRange(0x1000, 0x1001), &align)
	var outside *flashmodel.RangeError
	require.ErrorAs(t, f.EraseRange(0, 0xfffff000), &outside)
	require.ErrorAs(t, f.Place(0xfffff, []byte{1, 2}), &outside)
	require.ErrorAs(t, f.Place(0xffffffff, []byte{1, 2}), &outside)
	require.ErrorContains(t, outside, "0xffffffff")
	require.NoError(t, f.Place(0x100000, nil))
	var kind *flashmodel.KindError
	require.ErrorAs(t, f.Erase(0x1234, flashmodel.OpProgram), &kind)
	require.ErrorAs(t, f.Erase(0x1234, flashmodel.OpBurn), &kind)
	require.ErrorContains(t, kind, `"burn" at 0x00001234`)
	require.Equal(t, newFlash(t, flashmodel.MinSize).Sum(), f.Sum())
}

// Chips of two sizes never have one sum, and differ in what one lacks.
func TestDifferentSizes(t *testing.T) {
	small, large := newFlash(t, 1<<20), newFlash(t, 2<<20)
	require.NotEqual(t, small.Sum(), large.Sum())
	require.NoError(t, large.Place(0x2000, []byte{0}))
	require.NoError(t, large.Place(0x180000, []byte{0}))
	for _, changed := range [][]uint32{small.ChangedSectors(large), large.ChangedSectors(small)} {
		require.Len(t, changed, 1+256)
		require.Equal(t, []uint32{0x2000, 0x100000, 0x101000}, changed[:3])
	}
}

// The same sector in two places of a chip gives two sums.
func TestSumKnowsPlaces(t *testing.T) {
	seen := map[[32]byte]bool{}
	for addr := uint32(0); addr < flashmodel.MaxSize; addr += flashmodel.SectorSize {
		f := newFlash(t, flashmodel.MaxSize)
		require.NoError(t, f.Program(addr, []byte{0}))
		require.Equal(t, []uint32{addr}, f.ChangedSectors(newFlash(t, flashmodel.MaxSize)))
		seen[f.Sum()] = true
	}
	require.Len(t, seen, flashmodel.MaxSize/flashmodel.SectorSize)
}

// Goroutines that fork, read and sum one chip while each writes to its fork do
// not meet; run with -race.
func TestForksConcurrently(t *testing.T) {
	base := newFlash(t, 4<<20)
	require.NoError(t, base.Place(0, bytes.Repeat([]byte{0x11}, 1<<20)))
	var wg sync.WaitGroup
	sums := make([][32]byte, 8)
	for i := range sums {
		wg.Go(func() {
			f := base.Fork()
			for n := range uint32(50) {
				_ = f.Program(n*0x3000, []byte{byte(i % 2)})
				_ = f.Fork().Erase(0, flashmodel.OpEraseChip)
				_, _ = f.Sum(), base.Sum()
			}
			if n := len(f.ChangedSectors(base)); n != 50 {
				t.Errorf("%d sectors changed", n)
			}
			sums[i] = f.Sum()
		})
	}
	wg.Wait()
	for i := range sums {
		require.Equal(t, sums[i%2], sums[i])
	}
	require.NotEqual(t, sums[0], sums[1])
}
