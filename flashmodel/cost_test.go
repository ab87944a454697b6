package flashmodel

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// full returns a chip of the largest size with something in every sector.
func full(tb testing.TB) *Flash {
	f, err := New(MaxSize)
	require.NoError(tb, err)
	for addr := uint32(0); addr < MaxSize; addr += SectorSize {
		require.NoError(tb, f.Place(addr, []byte{byte(addr >> 12), byte(addr >> 20)}))
	}
	return f
}

// A fork of a full chip is one small object, a write to it one path and one
// sector; reading, comparing and summing take no memory.
func TestAllocations(t *testing.T) {
	f := full(t)
	fork := f.Fork()
	p, zero := make([]byte, 10000), []byte{0}
	require.LessOrEqual(t, testing.AllocsPerRun(100, func() { fork = f.Fork() }), 1.0)
	write := testing.AllocsPerRun(100, func() { _ = f.Fork().Program(0x123450, zero) })
	require.LessOrEqual(t, write, 1.0+1+levels+2, "fork, token, path, leaf and its cells")
	again := testing.AllocsPerRun(100, func() { _ = fork.Program(0x123456, zero) })
	require.Zero(t, again, "the sector is the fork's own")
	require.Zero(t, testing.AllocsPerRun(10, func() { f.Read(0xfffff0, p) }))
	require.Zero(t, testing.AllocsPerRun(10, func() { _ = f.Sum() }))
	require.LessOrEqual(t, testing.AllocsPerRun(10, func() { _ = f.Fork().ChangedSectors(f) }), 1.0, "the fork itself, if it needs the heap")
}

// What changes nothing copies nothing.
func TestIdleWritesKeepSharing(t *testing.T) {
	f := full(t)
	fork := f.Fork()
	require.NoError(t, fork.Program(0x5000, []byte{0xFF, 0xFF}))
	require.NoError(t, fork.Place(0x5000, []byte{5, 0, 0xFF}))
	empty, err := New(MaxSize)
	require.NoError(t, err)
	require.NoError(t, empty.Erase(0, OpEraseBlock64))
	require.NoError(t, empty.Place(0, []byte(ones)))
	require.Nil(t, empty.root)
	require.Same(t, f.root, fork.root)
}

// hashed counts the nodes that have a hash.
func hashed(n *node) int {
	if n == nil {
		return 0
	}
	count := 0
	if _, ok := n.digest.load(); ok {
		count++
	}
	for _, kid := range n.kids {
		count += hashed(kid)
	}
	return count
}

// After a write only the path to the sector has to be hashed again, in the
// chip's own nodes as in those it copies.
func TestSumIsIncremental(t *testing.T) {
	f := full(t)
	require.Zero(t, hashed(f.root))
	f.Sum()
	const nodes = 1 + 16 + 256 + 4096
	require.Equal(t, nodes, hashed(f.root))
	require.NoError(t, f.Program(0x7000, []byte{0}))
	require.Equal(t, nodes-levels-1, hashed(f.root))
	f.Sum()
	fork := f.Fork()
	require.NoError(t, fork.Program(0x9000, []byte{0}))
	require.Equal(t, nodes-levels-1, hashed(fork.root))
	require.Equal(t, nodes, hashed(f.root))
	require.NoError(t, fork.Erase(0x9000, OpEraseSector))
	require.Equal(t, nodes-levels-1, hashed(fork.root))
}

// The hash of an erased subtree is that of one whose cells are spelt out.
func TestErasedSums(t *testing.T) {
	f, err := New(MaxSize)
	require.NoError(t, err)
	spelt := f.Fork()
	for addr := uint32(0); addr < MaxSize; addr += SectorSize {
		spelt.own(addr)
	}
	require.NotNil(t, spelt.cells(0))
	require.Equal(t, f.Sum(), spelt.Sum())
	require.Empty(t, spelt.ChangedSectors(f))
	require.Empty(t, f.ChangedSectors(spelt))
	require.True(t, spelt.Erased(0, MaxSize))
}

func BenchmarkFork(b *testing.B) {
	f := full(b)
	b.ReportAllocs()
	for b.Loop() {
		f.Fork()
	}
}

func BenchmarkForkWriteSum(b *testing.B) {
	f := full(b)
	f.Sum()
	b.ReportAllocs()
	for b.Loop() {
		fork := f.Fork()
		_ = fork.Program(0x8000, []byte{0})
		fork.Sum()
	}
}

func BenchmarkRead(b *testing.B) {
	f := full(b)
	p := make([]byte, 64<<10)
	b.SetBytes(int64(len(p)))
	for b.Loop() {
		f.Read(0x12345, p)
	}
}
