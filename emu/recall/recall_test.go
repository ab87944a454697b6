package recall_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/efuse"
	"github.com/bootsim/bootsim/emu/recall"
	"github.com/bootsim/bootsim/flashmodel"
)

func device(tb testing.TB) *emu.Device {
	tb.Helper()
	flash, err := flashmodel.New(flashmodel.MinSize)
	require.NoError(tb, err)
	return &emu.Device{Flash: flash, Efuses: efuse.New()}
}

// look is a step: it reads some flash in two pieces and an eFuse word and
// answers with them. The cache is that of before the step.
func look(d *emu.Device, flash flashmodel.Reader, addr uint32) string {
	var b [8]byte
	flash.Read(addr, b[:4])
	flash.Read(addr+4, b[4:])
	w := d.Efuses.ReadWord(3, 1)
	return string(append(b[:], byte(w), byte(w>>8)))
}

// A remembered answer is the one that the step would give, whatever was written
// in the meantime.
func TestRemembersOnlyWhatIsStillTrue(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		d, m := device(t), recall.Memory[uint32, string]{}

		rt.Repeat(map[string]func(*rapid.T){
			"look": func(rt *rapid.T) {
				addr := rapid.SampledFrom([]uint32{0, 0xFFC, 0xFF8, 0x8000, flashmodel.MinSize - 4}).Draw(rt, "addr")
				want := look(d, d.Cached(), addr)
				if known := m.Find(d, addr); known != nil {

					require.Equal(rt, want, *known)
					return
				}
				flash := d.Cached()
				a := m.Begin(d)
				got := look(d, flash, addr)
				require.True(rt, a.End())
				m.Keep(a, addr, got)
			},
			"place": func(rt *rapid.T) {
				addr := rapid.SampledFrom([]uint32{0, 4, 0x1000, 0x2000, 0x8004, flashmodel.MinSize - 2}).Draw(rt, "addr")
				require.NoError(rt, d.Flash.Place(addr, []byte{rapid.Byte().Draw(rt, "byte")}))
			},
			"burn": func(rt *rapid.T) {
				word := rapid.IntRange(0, 3).Draw(rt, "word")
				bits := make([]uint32, 4)
				bits[word] = 1 << rapid.IntRange(0, 15).Draw(rt, "bit")
				require.NoError(rt, d.Efuses.Burn(3, bits))
			},
			"fork": func(*rapid.T) { d = d.Fork() },
		})
	})
}

func TestForgetsStepsThatChangeTheDevice(t *testing.T) {
	d, m := device(t), recall.Memory[int, int]{}
	a := m.Begin(d)
	require.NoError(t, d.Flash.Place(0, []byte{0}))
	require.False(t, a.End())
	a = m.Begin(d)
	require.NoError(t, d.Efuses.Burn(0, []uint32{1}))
	require.False(t, a.End())
}

// What a step did not look at does not matter to it.
func TestUnseenChangesDoNotMatter(t *testing.T) {
	d, m := device(t), recall.Memory[uint32, string]{}
	flash := d.Cached()
	a := m.Begin(d)
	look(d, flash, 0)
	require.True(t, a.End())
	m.Keep(a, 0, "answer")
	require.NoError(t, d.Flash.Place(flashmodel.SectorSize, []byte{0}))
	require.NoError(t, d.Efuses.Burn(3, []uint32{0xFF, 0, 0xFF}))
	require.NoError(t, d.Efuses.Burn(0, []uint32{0, 0xFF}))
	require.NotNil(t, m.Find(d, 0))
	require.NoError(t, d.Efuses.Burn(0, []uint32{1 << 20}))
	require.Nil(t, m.Find(d, 0), "FLASH_CRYPT_CNT decides how flash is read")
}

func TestMemoryIsBounded(t *testing.T) {
	d, m := device(t), recall.Memory[int, int]{}
	for i := range 10000 {
		a := m.Begin(d)
		require.True(t, a.End())
		m.Keep(a, i, i)
	}
	require.NotNil(t, m.Find(d, 9999))
	require.Nil(t, m.Find(d, 0))
}

// What was read through the cache depends on the key, even if the cipher was
// made before the step began.
func TestKeyMattersToWhatTheCacheShows(t *testing.T) {
	d, m := device(t), recall.Memory[uint32, string]{}
	require.NoError(t, d.Efuses.Burn(0, []uint32{1 << 20}))
	flash := d.Cached()
	a := m.Begin(d)
	look(d, flash, 0)
	require.True(t, a.End())
	m.Keep(a, 0, "answer")
	require.NotNil(t, m.Find(d, 0))
	require.NoError(t, d.Efuses.Burn(1, []uint32{1}))
	require.Nil(t, m.Find(d, 0))
}

// A trace learns what a remembered answer depends on, though nothing is read.
func TestRememberedStepsTellTheTrace(t *testing.T) {
	d, m := device(t), recall.Memory[uint32, string]{}
	flash := d.Cached()
	a := m.Begin(d)
	look(d, flash, 0x8000)
	require.True(t, a.End())
	m.Keep(a, 0, "answer")
	var trace flashmodel.Trace
	d.Flash.Watch(&trace)
	require.NotNil(t, m.Find(d, 0))
	require.True(t, trace.Read.Has(0x8000))
	require.Equal(t, 1, trace.Read.Len())
	d.Looked(0x3000, 4)
	require.True(t, trace.Read.Has(0x3000))
}
