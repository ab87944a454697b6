package recall_test

import (
	"crypto/sha256"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/bootsim/bootsim/emu/recall"
	"github.com/bootsim/bootsim/flashmodel"
	"github.com/bootsim/bootsim/flashmodel/espimage"
)

// Sums of a flash that changes here and there are those of its bytes.
func TestSumsAreThoseOfTheBytes(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		d := device(t)
		if rapid.Bool().Draw(rt, "encrypted") {
			require.NoError(rt, d.Efuses.Burn(0, []uint32{1 << 20}))
		}
		var s recall.Sums
		addr := rapid.OneOf(rapid.Uint32Range(0, flashmodel.MinSize-1), rapid.SampledFrom([]uint32{0x10000, 0x10017, 0x1FFFF, 0x20000}))
		type stretch struct{ addr, size uint32 }
		stretches := []stretch{{0x10000, 0x30000}, {0x10018, 0x2FFF1}, {0xFFFF0, 16}, {0xFFFF0, 32}, {0x10000, 0}}
		rt.Repeat(map[string]func(*rapid.T){
			"sum": func(rt *rapid.T) {
				at := rapid.SampledFrom(stretches).Draw(rt, "stretch")
				b := make([]byte, at.size)
				d.Cached().Read(at.addr, b)
				require.Equal(rt, espimage.XOR(b), s.XOR(d, d.Cached(), at.addr, at.size, nil))
				require.Equal(rt, sha256.Sum256(b), s.SHA256(d, d.Cached(), at.addr, at.size, nil))
			},
			"place": func(rt *rapid.T) {
				at := addr.Draw(rt, "addr")
				require.NoError(rt, d.Flash.Place(at, []byte{rapid.Byte().Draw(rt, "byte")}))
			},
			"key":  func(rt *rapid.T) { require.NoError(rt, d.Efuses.Burn(1, []uint32{rapid.Uint32().Draw(rt, "key")})) },
			"fork": func(*rapid.T) { d = d.Fork() },
		})
	})
}

// A step that took a sum from memory depends on all of the stretch.
func TestRememberedSumsAreReads(t *testing.T) {
	d := device(t)
	var s recall.Sums
	s.SHA256(d, d.Cached(), 0, 0x8000, nil)
	s.XOR(d, d.Cached(), 0, 0x8000, nil)
	for _, sum := range []func(){
		func() { s.SHA256(d, d.Cached(), 0, 0x8000, nil) }, func() { s.XOR(d, d.Cached(), 0, 0x8000, nil) },
	} {
		var m recall.Memory[int, int]
		a := m.Begin(d)
		sum()
		require.True(t, a.End())
		m.Keep(a, 0, 0)
		d = d.Fork()
		require.NotNil(t, m.Find(d, 0))
		require.NoError(t, d.Flash.Place(0x7FFF, []byte{0}))
		require.Nil(t, m.Find(d, 0))
		require.NoError(t, d.Flash.Place(0x7FFF, []byte{0xFF}))
	}
}

// A read past the end of the chip goes on at its beginning, and is a dependence
// on both.
func TestReadsWrapAround(t *testing.T) {
	for _, at := range []uint32{0, 15, flashmodel.MinSize - 16, flashmodel.MinSize - 1} {
		d := device(t)
		var m recall.Memory[int, int]
		a := m.Begin(d)
		d.Looked(flashmodel.MinSize-16, 32)
		require.True(t, a.End())
		m.Keep(a, 0, 0)
		d = d.Fork()
		require.NotNil(t, m.Find(d, 0))
		require.NoError(t, d.Flash.Place(at, []byte{0}))
		require.Nil(t, m.Find(d, 0), "0x%x", at)
	}
}

// Past the end of the chip, and of the address space, the chip begins again; what
// lies there is summed as it is now.
func TestSumsThatWrapAreThoseOfTheBytes(t *testing.T) {
	const size = 2 * flashmodel.SectorSize
	for _, addr := range []uint32{flashmodel.MinSize - flashmodel.SectorSize, 1<<32 - flashmodel.SectorSize, 1<<32 - size} {
		d := device(t)
		var s recall.Sums
		for n, at := range []uint32{0, 0x10, flashmodel.MinSize - 1, 0x0FFF} {
			require.NoError(t, d.Flash.Place(at, []byte{byte(0x11 * (n + 1))}))
			require.Equal(t, recall.XOR(d.Cached(), addr, size), s.XOR(d, d.Cached(), addr, size, nil), "0x%08x, change %d", addr, n)
			require.Equal(t, recall.SHA256(d.Cached(), addr, size), s.SHA256(d, d.Cached(), addr, size, nil), "0x%08x, change %d", addr, n)
		}
	}
}
