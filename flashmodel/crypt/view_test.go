package crypt_test

import (
	"testing"

	"github.com/bootsim/bootsim/flashmodel"
	"github.com/bootsim/bootsim/flashmodel/crypt"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// other is a Reader that View does not know.
type other struct{ flashmodel.Reader }

func newFlash(t require.TestingT) *flashmodel.Flash {
	f, err := flashmodel.New(flashmodel.MinSize)
	require.NoError(t, err)
	return f
}

// Whatever the alignment, and though the flash is written between the reads, a
// view shows what decrypting the blocks one by one gives.
func TestViewEqualsBlocks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f, b := newFlash(t), genKey(t)
		k := parse(t, b)
		conf := crypt.Config(rapid.Uint8Range(0, 15).Draw(t, "config"))
		views := []*crypt.View{crypt.NewView(f, crypt.New(k, conf)), crypt.NewView(other{f}, crypt.New(k, conf))}
		t.Repeat(map[string]func(*rapid.T){
			"program": func(t *rapid.T) {
				require.NoError(t, f.Program(genNear(t), rapid.SliceOfN(rapid.Byte(), 0, 600).Draw(t, "data")))
			},
			"erase": func(t *rapid.T) { require.NoError(t, f.Erase(genNear(t), flashmodel.OpEraseSector)) },
			"read": func(t *rapid.T) {
				addr, n := genNear(t), rapid.IntRange(0, 700).Draw(t, "len")
				want := blocks(f, b, conf, addr, n)
				for _, v := range views {
					got := make([]byte, n)
					v.Read(addr, got)
					require.Equal(t, want, got)
				}
			},
		})
	})
}

// genNear draws addresses in a few sectors, at the end of the chip, and behind
// it.
func genNear(t *rapid.T) uint32 {
	base := rapid.SampledFrom([]uint32{0, 0xff000, 0x10ff00, 0xfff000}).Draw(t, "base")
	return base + rapid.Uint32Range(0, 0x1100).Draw(t, "offset")
}

// blocks decrypts n bytes from addr on with the specification's algorithm.
func blocks(f *flashmodel.Flash, k [32]byte, conf crypt.Config, addr uint32, n int) []byte {
	start := addr &^ 15
	raw := make([]byte, (int(addr-start)+n+15)&^15)
	f.Read(start, raw)
	return specCrypt(k, conf, start, raw, false)[addr-start:][:n]
}

// Without a cipher a view is transparent.
func TestViewWithoutCipher(t *testing.T) {
	f := newFlash(t)
	require.NoError(t, f.Place(100, []byte("plain")))
	got := make([]byte, 5)
	v := crypt.NewView(f, nil)
	v.Read(100, got)
	require.Equal(t, "plain", string(got))
	require.Equal(t, f.Size(), v.Size())
}

// An erased chip shows noise that differs from unit to unit, and an alias of
// the same cells shows other noise.
func TestErasedFlashIsNoise(t *testing.T) {
	v := crypt.NewView(newFlash(t), crypt.New(crypt.Key{}, crypt.FullConfig))
	seen := map[[16]byte]bool{}
	for addr := uint32(0); addr < 0x200000; addr += 0x1000 {
		var b [16]byte
		v.Read(addr, b[:])
		seen[b] = true
	}
	require.Len(t, seen, 0x200)
}

func TestViewAllocatesNothing(t *testing.T) {
	f := newFlash(t)
	require.NoError(t, f.Place(0, make([]byte, 1<<16)))
	v := crypt.NewView(f, crypt.New(crypt.Key{}, crypt.FullConfig))
	p := make([]byte, 5000)
	require.Zero(t, testing.AllocsPerRun(10, func() {
		v.Read(3, p[:7])
		v.Read(0x1003, p)
		v.Read(0xff003, p)
	}))
}
