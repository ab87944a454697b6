package fault_test

import (
	"bytes"
	"math/bits"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/bootsim/bootsim/emu/fault"
	"github.com/bootsim/bootsim/flashmodel"
)

// operation draws an operation and what its cells hold before and after it.
func operation(rt *rapid.T) (op flashmodel.Op, before, after []byte) {
	kind := rapid.SampledFrom([]flashmodel.OpKind{flashmodel.OpProgram, flashmodel.OpEraseSector, flashmodel.OpBurn}).Draw(rt, "kind")
	size := map[flashmodel.OpKind]int{flashmodel.OpEraseSector: flashmodel.SectorSize, flashmodel.OpBurn: 32}[kind]
	if kind == flashmodel.OpProgram {
		size = rapid.IntRange(1, flashmodel.PageSize).Draw(rt, "size")
	}
	before = bytes.Repeat([]byte{rapid.Byte().Draw(rt, "before")}, size)
	op = flashmodel.Op{Kind: kind, Addr: uint32(rapid.IntRange(0, 3).Draw(rt, "addr")), Size: uint32(size)}
	after = bytes.Clone(before)
	if kind == flashmodel.OpEraseSector {
		return op, before, bytes.Repeat([]byte{0xFF}, size)
	}
	op.Data = rapid.SliceOfN(rapid.Byte(), size, size).Draw(rt, "data")
	for i := range after {
		if kind == flashmodel.OpProgram {
			after[i] &= op.Data[i]
		} else {
			after[i] |= op.Data[i]
		}
	}
	return op, before, after
}

// Whatever a fault leaves lies between what was and what was to be, bit by bit,
// and is the same every time.
func TestWhatIsLeftLiesBetween(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		op, before, after := operation(rt)
		seed := rapid.Uint64().Draw(rt, "seed")
		for _, k := range fault.All.Kinds() {
			for way := range fault.Ways(k, op) {
				left, again := bytes.Clone(after), bytes.Clone(after)
				fault.Leave(k, way, op, seed, before, left)
				fault.Leave(k, way, op, seed, before, again)
				if !bytes.Equal(left, again) {
					rt.Fatalf("%v way %d differs the second time", k, way)
				}
				for i := range left {
					if (left[i]^before[i])&^(before[i]^after[i]) != 0 {
						rt.Fatalf("%v way %d: byte %d is 0x%02x, was 0x%02x, was to be 0x%02x", k, way, i, left[i], before[i], after[i])
					}
				}
				fault.Describe(k, way, op, seed)
			}
		}
	})
}

func program(n int) (op flashmodel.Op, before, after []byte) {
	data := make([]byte, n)
	return flashmodel.Op{Kind: flashmodel.OpProgram, Addr: 0x1000, Size: uint32(n), Data: data}, bytes.Repeat([]byte{0xFF}, n), data
}

// leave returns what one way leaves of an operation.
func leave(k fault.Kind, way int, op flashmodel.Op, before, after []byte) []byte {
	left := bytes.Clone(after)
	fault.Leave(k, way, op, 0, before, left)
	return left
}

// written counts the bytes of a program of zeros that were written.
func written(b []byte) int { return bytes.Count(b, []byte{0}) }

func TestPrefixesOfAPage(t *testing.T) {
	op, before, after := program(256)
	require.Equal(t, 4, written(leave(fault.Torn, 0, op, before, after)))
	require.Equal(t, 128, written(leave(fault.Torn, 1, op, before, after)))
	require.Equal(t, 252, written(leave(fault.Torn, 2, op, before, after)))
	require.Greater(t, fault.Ways(fault.Torn, op), 3)
}

// An otadata entry is torn at every word, and with every word alone and missing.
func TestEveryWordOfAnEntry(t *testing.T) {
	op, before, after := program(32)
	require.Equal(t, 7, fault.Ways(fault.Torn, op))
	for way := range 7 {
		require.Equal(t, 4*(way+1), written(leave(fault.Torn, way, op, before, after)))
	}
	alone, missing := map[int]bool{}, map[int]bool{}
	for way := range fault.Ways(fault.Words, op) {
		left := leave(fault.Words, way, op, before, after)
		switch written(left) {
		case 4:
			alone[bytes.IndexByte(left, 0)/4] = true
		case 28:
			missing[bytes.IndexByte(left, 0xFF)/4] = true
		}
	}
	require.Len(t, alone, 8)
	require.Len(t, missing, 8)
}

// What an erase left between one and zero reads either way: a drawn way and its
// opposite together erase everything, and share nothing.
func TestUnstableCellsReadBothWays(t *testing.T) {
	op := flashmodel.Op{Kind: flashmodel.OpEraseSector, Addr: 0xD000, Size: flashmodel.SectorSize}
	before, after := make([]byte, op.Size), bytes.Repeat([]byte{0xFF}, int(op.Size))
	n := fault.Ways(fault.Erase, op)
	for way := n - 4; way < n; way += 2 {
		a, b := leave(fault.Erase, way, op, before, after), leave(fault.Erase, way+1, op, before, after)
		for i := range a {
			require.Equal(t, byte(0xFF), a[i]^b[i])
		}
	}
}

func TestEverySubsetOfASmallBurn(t *testing.T) {
	op := flashmodel.Op{Kind: flashmodel.OpBurn, Size: 4, Data: []byte{0x80, 0, 1, 4}}
	seen := map[string]bool{}
	for way := range fault.Ways(fault.Burn, op) {
		seen[string(leave(fault.Burn, way, op, make([]byte, 4), op.Data))] = true
	}
	require.Len(t, seen, 6, "all subsets but none and all")
	key := flashmodel.Op{Kind: flashmodel.OpBurn, Addr: 1, Size: 32, Data: bytes.Repeat([]byte{0x55}, 32)}
	counts := map[int]bool{}
	for way := range fault.Ways(fault.Burn, key) {
		n := 0
		for _, b := range leave(fault.Burn, way, key, make([]byte, 32), key.Data) {
			n += bits.OnesCount8(b)
		}
		counts[n] = true
	}
	require.True(t, counts[1] && counts[64] && counts[127], "%v", counts)
}

func TestParse(t *testing.T) {
	s, err := fault.Parse("cut, erase")
	require.NoError(t, err)
	require.Equal(t, fault.Of(fault.Cut, fault.Erase), s)
	for _, name := range []string{"power", "all"} {
		s, err := fault.Parse(name)
		require.NoError(t, err)
		again, err := fault.Parse(s.String())
		require.NoError(t, err)
		require.Equal(t, s, again)
	}
	_, err = fault.Parse("cut,quake")
	var name *fault.NameError
	require.ErrorAs(t, err, &name)
	require.ErrorContains(t, err, "quake")
}
