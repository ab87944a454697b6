package flashmodel_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/bootsim/bootsim/flashmodel"
)

// step is one operation of a run that a trace watches.
type step struct {
	kind int // 0 read, 1 program, 2 erase, 3 look whether erased
	addr uint32
	data []byte
}

// do carries steps out and returns everything that was seen.
func do(tb require.TestingT, f *flashmodel.Flash, steps []step) (seen []byte) {
	for _, s := range steps {
		switch s.kind {
		case 0:
			b := make([]byte, len(s.data))
			f.Read(s.addr, b)
			seen = append(seen, b...)
		case 1:
			require.NoError(tb, f.Program(s.addr, s.data))
		case 2:
			require.NoError(tb, f.Erase(s.addr, flashmodel.OpEraseSector))
		case 3:
			seen = append(seen, map[bool]byte{true: 1}[f.Erased(s.addr, uint32(len(s.data)))])
		}
	}
	return seen
}

// What a trace has not noted makes no difference to what a run sees.
func TestTraceNotesEverythingThatMatters(t *testing.T) {
	const sectors = 6
	rapid.Check(t, func(rt *rapid.T) {
		f := blank(rt)
		g := blank(rt)
		for at := uint32(0); at < sectors; at++ {
			b := rapid.SliceOfN(rapid.Byte(), 8, 8).Draw(rt, "content")
			require.NoError(rt, f.Place(at*flashmodel.SectorSize, b))
			require.NoError(rt, g.Place(at*flashmodel.SectorSize, b))
		}
		steps := rapid.SliceOfN(rapid.Custom(func(rt *rapid.T) step {
			return step{rapid.IntRange(0, 3).Draw(rt, "kind"),
				rapid.Uint32Range(0, sectors-1).Draw(rt, "sector")*flashmodel.SectorSize + rapid.SampledFrom([]uint32{0, 4, 0xFFE}).Draw(rt, "in"),
				rapid.SliceOfN(rapid.Byte(), 1, 8).Draw(rt, "data")}
		}), 1, 12).Draw(rt, "steps")
		var trace flashmodel.Trace
		f.Watch(&trace)
		want := do(rt, f, steps)
		for at := uint32(0); at <= sectors; at++ {
			if !trace.Read.Has(at * flashmodel.SectorSize) {
				require.NoError(rt, g.Place(at*flashmodel.SectorSize, []byte{0x5A, 0xA5, 0, 1, 2, 3, 4, 5}))
			}
		}
		require.Equal(rt, want, do(rt, g, steps))
	})
}

func blank(tb require.TestingT) *flashmodel.Flash {
	f, err := flashmodel.New(flashmodel.MinSize)
	require.NoError(tb, err)
	return f
}

func TestTraceForgetsWhatWasErased(t *testing.T) {
	f := blank(t)
	var trace flashmodel.Trace
	f.Watch(&trace)
	require.NoError(t, f.Erase(0x2000, flashmodel.OpEraseSector))
	do(t, f, []step{{kind: 0, addr: 0x1FFE, data: make([]byte, 4)}})
	require.True(t, trace.Read.Has(0x1000))
	require.False(t, trace.Read.Has(0x2000))
	require.Equal(t, 1, trace.Read.Len())
	// A fork is not watched, nor is a flash that nobody watches any more.
	do(t, f.Fork(), []step{{kind: 0, addr: 0x5000, data: make([]byte, 1)}})
	f.Watch(nil)
	do(t, f, []step{{kind: 0, addr: 0x6000, data: make([]byte, 1)}})
	require.Equal(t, 1, trace.Read.Len())
}

// half leaves half of every erase undone.
type half struct{}

func (half) Intercept(op flashmodel.Op, before, after []byte) error {
	copy(after[len(after)/2:], before[len(after)/2:])
	return nil
}

// An erase that was not carried out settles nothing.
func TestTraceDoesNotTrustTornErases(t *testing.T) {
	f := blank(t)
	require.NoError(t, f.Place(0x2000, make([]byte, flashmodel.SectorSize)))
	f.Attach(&flashmodel.Journal{Interceptor: half{}})
	var trace flashmodel.Trace
	f.Watch(&trace)
	require.NoError(t, f.Erase(0x2000, flashmodel.OpEraseSector))
	do(t, f, []step{{kind: 0, addr: 0x2FFF, data: make([]byte, 1)}})
	require.True(t, trace.Read.Has(0x2000))
}

func TestReadsThatWrapAreNoted(t *testing.T) {
	f := blank(t)
	var trace flashmodel.Trace
	f.Watch(&trace)
	do(t, f, []step{{kind: 0, addr: flashmodel.MinSize - 1, data: make([]byte, 2)}})
	require.True(t, trace.Read.Has(0))
	require.True(t, trace.Read.Has(flashmodel.MinSize-1))
	require.Equal(t, 2, trace.Read.Len())
}

func TestAgreesOn(t *testing.T) {
	f := blank(t)
	g := f.Fork()
	require.NoError(t, g.Place(0x3000, []byte{0}))
	var s flashmodel.Sectors
	s.Add(0x1FFF, 2)
	require.True(t, f.AgreesOn(g, &s))
	s.Add(0x3FFF, 1)
	require.False(t, f.AgreesOn(g, &s))
	require.NoError(t, f.Place(0x3000, []byte{0})) // the same bytes, come by in another way
	require.True(t, f.AgreesOn(g, &s))
	big, err := flashmodel.New(2 << 20)
	require.NoError(t, err)
	require.False(t, big.AgreesOn(f, &flashmodel.Sectors{}))
}
