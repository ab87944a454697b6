package flashmodel_test

import (
	"bytes"
	"errors"
	"testing"

	"github.com/bootsim/bootsim/flashmodel"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

var errCut = errors.New("power cut")

// tear cuts the power in operation at, after keep of its cells took effect.
type tear struct{ at, keep int }

func (c tear) Intercept(op flashmodel.Op, before, after []byte) error {
	if op.Seq != c.at {
		return nil
	}
	if c.keep < len(after) {
		copy(after[c.keep:], before[c.keep:])
	}
	return errCut
}

func newFlash(t require.TestingT, size uint32) *flashmodel.Flash {
	f, err := flashmodel.New(size)
	require.NoError(t, err)
	return f
}

// The operations before a torn one took effect as a whole, the torn one in
// part, those after it not at all; the error comes back, and what was asked for
// is on record.
func TestTornRun(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		addr, data := genAddr(t), rapid.SliceOfN(rapid.Byte(), 1, 2000).Draw(t, "data")
		whole := newFlash(t, flashmodel.MinSize)
		all := &flashmodel.Journal{}
		whole.Attach(all)
		require.NoError(t, whole.Program(addr, data))

		cut := tear{at: rapid.IntRange(0, len(all.Ops())-1).Draw(t, "at"), keep: rapid.IntRange(0, 256).Draw(t, "keep")}
		torn := newFlash(t, flashmodel.MinSize)
		j := &flashmodel.Journal{Interceptor: cut}
		torn.Attach(j)
		require.ErrorIs(t, torn.Program(addr, data), errCut)
		require.Equal(t, all.Ops()[:cut.at+1], j.Ops())

		want := newFlash(t, flashmodel.MinSize)
		require.NoError(t, flashmodel.Replay(want, all.Ops()[:cut.at]))
		op := all.Ops()[cut.at]
		require.NoError(t, want.PageProgram(op.Addr, op.Data[:min(cut.keep, len(op.Data))]))
		require.Equal(t, want.Sum(), torn.Sum())
	})
}

// Erases tear too, also where that leaves cells set that were not.
func TestTornErase(t *testing.T) {
	for kind, size := range erases {
		f := newFlash(t, flashmodel.MinSize)
		require.NoError(t, f.Place(0, bytes.Repeat([]byte{0x12}, flashmodel.MinSize)))
		f.Attach(&flashmodel.Journal{Interceptor: tear{keep: 1000}})
		require.ErrorIs(t, f.Erase(0x1fabc, kind), errCut)
		start := 0x1fabc / size * size
		want := bytes.Repeat([]byte{0x12}, flashmodel.MinSize)
		copy(want[start:], bytes.Repeat([]byte{0xFF}, 1000))
		require.True(t, bytes.Equal(want, content(f)), kind.String())
	}
}

func TestEraseRangeStopsAtError(t *testing.T) {
	f := newFlash(t, flashmodel.MinSize)
	require.NoError(t, f.Place(0, make([]byte, 0x4000)))
	before := f.Fork()
	f.Attach(&flashmodel.Journal{Interceptor: tear{at: 1, keep: 0}})
	require.ErrorIs(t, f.EraseRange(0, 0x4000), errCut)
	require.Equal(t, []uint32{0}, f.ChangedSectors(before))
}

// A record keeps its data though the caller uses the buffer again.
func TestRecordKeepsData(t *testing.T) {
	f, j := newFlash(t, flashmodel.MinSize), &flashmodel.Journal{}
	f.Attach(j)
	b := []byte{1, 2, 3}
	require.NoError(t, f.Program(0x1000, b))
	b[0] = 9
	require.NoError(t, f.Erase(0x101234, flashmodel.OpEraseSector))
	require.Equal(t, []flashmodel.Op{
		{Seq: 0, Kind: flashmodel.OpProgram, Addr: 0x1000, Size: 3, Data: []byte{1, 2, 3}},
		{Seq: 1, Kind: flashmodel.OpEraseSector, Addr: 0x1000, Size: 0x1000},
	}, j.Ops())
}

// Neither a fork nor a detached chip records; Place never does.
func TestWhatIsNotRecorded(t *testing.T) {
	f, j := newFlash(t, flashmodel.MinSize), &flashmodel.Journal{}
	f.Attach(j)
	require.NoError(t, f.Fork().Program(0, []byte{1}))
	require.NoError(t, f.Place(0, []byte{1}))
	require.NoError(t, f.PageProgram(0, nil))
	f.Attach(nil)
	require.NoError(t, f.Erase(0, flashmodel.OpEraseChip))
	require.Empty(t, j.Ops())
}

// Burns belong to the eFuses; what no device does is an error.
func TestReplayKinds(t *testing.T) {
	f := newFlash(t, flashmodel.MinSize)
	erased := f.Sum()
	require.NoError(t, flashmodel.Replay(f, []flashmodel.Op{{Kind: flashmodel.OpBurn, Addr: 1, Data: []byte{1}}}))
	require.Equal(t, erased, f.Sum())
	var kind *flashmodel.KindError
	require.ErrorAs(t, flashmodel.Replay(f, []flashmodel.Op{{Kind: 77, Addr: 0x1234}}), &kind)
	require.ErrorContains(t, kind, "0x00001234")
}
