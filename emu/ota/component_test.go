package ota_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/efuse"
	"github.com/bootsim/bootsim/emu/idf"
	"github.com/bootsim/bootsim/emu/ota"
	"github.com/bootsim/bootsim/fixtures/lot"
	"github.com/bootsim/bootsim/flashmodel"
	"github.com/bootsim/bootsim/flashmodel/crypt"
	"github.com/bootsim/bootsim/flashmodel/otadata"
	"github.com/bootsim/bootsim/flashmodel/parttable"
)

const tableCSV = "otadata,data,ota,0xd000,8K,\nfactory,app,factory,0x10000,64K,\nota_0,app,ota_0,0x20000,128K,\nota_1,app,ota_1,0x40000,128K,\n"

// bench is a device with the component of a version on it.
type bench struct {
	*ota.Component
	journal *flashmodel.Journal
	slots   []parttable.Entry
}

func newBench(tb require.TestingT, version string, running int, key *crypt.Key) *bench {
	flash, err := flashmodel.New(4 << 20)
	require.NoError(tb, err)
	fuses := efuse.New()
	if key != nil {
		fuses = lot.Chip(lot.Encrypting(efuse.Revision{Major: 3}, *key))
	}
	table, err := parttable.Decode(lot.Table(tableCSV))
	require.NoError(tb, err)
	v, err := idf.Parse(version)
	require.NoError(tb, err)
	b := &bench{Component: ota.NewComponent(&emu.Device{Flash: flash, Efuses: fuses}, table, v, running), journal: &flashmodel.Journal{}}
	b.slots = b.Slots()
	b.Device.Attach(b.journal)
	return b
}

// app puts an application where a partition begins.
func (b *bench) app(tb require.TestingT, at uint32, secure uint32) {
	data := lot.App(lot.AppSpec{Version: "1", IDF: "v5.5.5", Secure: secure, Size: 4 << 10})
	require.NoError(tb, b.Device.Flash.Place(at, data))
}

// entries puts both otadata entries in.
func (b *bench) entries(tb require.TestingT, list ...otadata.Entry) {
	require.NoError(tb, b.Device.Flash.Place(0xD000, lot.OTAData(list...)))
}

func (b *bench) pair() otadata.Pair {
	row, _ := b.Table.OTAData()
	return ota.ReadPair(b.Device, row)
}

// did returns the operations since the last call, in short.
func (b *bench) did() (list []string) {
	for _, op := range b.journal.Ops() {
		list = append(list, op.Kind.String())
	}
	*b.journal = flashmodel.Journal{}
	return list
}

// How much begin erases differs by version (git tags v3.3.2, v3.3.3, v4.0, v4.0.1).
func TestBeginErases(t *testing.T) {
	for _, c := range []struct {
		version string
		size    uint32
		want    []string
	}{
		{"v3.1", 8192, []string{"erase 4 KiB", "erase 4 KiB", "erase 4 KiB"}},
		{"v3.3.2", 8192, []string{"erase 4 KiB", "erase 4 KiB", "erase 4 KiB"}},
		{"v3.3.3", 8192, []string{"erase 4 KiB", "erase 4 KiB"}},
		{"v4.0", 8192, []string{"erase 4 KiB", "erase 4 KiB", "erase 4 KiB"}},
		{"v4.0.1", 8193, []string{"erase 4 KiB", "erase 4 KiB", "erase 4 KiB"}},
		{"v5.5.5", 8192, []string{"erase 4 KiB", "erase 4 KiB"}},
		{"v5.5.5", ota.SizeUnknown, []string{"erase 64 KiB", "erase 64 KiB"}},
		{"v4.3", ota.Sequential, nil},
		{"v4.2", ota.Sequential, []string{"erase 64 KiB", "erase 64 KiB"}}, // knows no such size
	} {
		b := newBench(t, c.version, emu.SlotFactory, nil)
		_, err := b.Begin(b.slots[0], c.size)
		require.NoError(t, err)
		require.Equal(t, c.want, b.did(), "%s, size %d", c.version, c.size)
	}
}

// v3.x's driver erases the last block of a range by sectors.
func TestLegacyDriverKeepsSectorsForTheEnd(t *testing.T) {
	b := newBench(t, "v3.1", emu.SlotFactory, nil)
	_, err := b.Begin(b.slots[0], ota.SizeUnknown)
	require.NoError(t, err)
	ops := b.did()
	require.Equal(t, "erase 64 KiB", ops[0])
	require.Len(t, ops, 1+16)
}

func TestBeginRefuses(t *testing.T) {
	b := newBench(t, "v5.5.5", 0, nil)
	b.Rollback = true
	var slot *ota.SlotError
	_, err := b.Begin(b.slots[0], 0)
	require.ErrorAs(t, err, &slot)
	factory, _ := b.Table.Factory()
	_, err = b.Begin(factory, 0)
	require.ErrorAs(t, err, &slot)
	b.entries(t, otadata.New(1, otadata.StatePendingVerify))
	_, err = b.Begin(b.slots[1], 0)
	require.ErrorIs(t, err, ota.ErrUnconfirmed)
	require.Empty(t, b.did())
}

// From v5.5 on begin takes the entry that is not in use away, if built with
// rollback and if it names another slot than the one that runs.
func TestBeginInvalidates(t *testing.T) {
	for _, c := range []struct {
		version  string
		rollback bool
		other    uint32
		gone     bool
	}{
		{"v5.5", true, 1, true}, {"v5.4.4", true, 1, false}, {"v5.5", false, 1, false}, {"v5.5", true, 2, false},
	} {
		b := newBench(t, c.version, 1, nil)
		b.Rollback = c.rollback
		b.entries(t, otadata.New(c.other, otadata.StateValid), otadata.New(4, otadata.StateValid))
		_, err := b.Begin(b.slots[0], 4096)
		require.NoError(t, err)
		require.Equal(t, c.gone, b.pair()[0].Erased(), "%+v", c)
		require.EqualValues(t, 4, b.pair()[1].Seq)
	}
}

// Pieces of any size give what one piece gives, encrypted or not, erased at
// once or on the way.
func TestWriteInPieces(t *testing.T) {
	key, err := crypt.ParseKey(lot.Filler(5, crypt.KeySize))
	require.NoError(t, err)
	image := lot.App(lot.AppSpec{Version: "2", IDF: "v5.5.5", Size: 6 << 10})
	rapid.Check(t, func(rt *rapid.T) {
		k := rapid.SampledFrom([]*crypt.Key{nil, &key}).Draw(rt, "key")
		b := newBench(rt, "v5.5.5", emu.SlotFactory, k)
		require.NoError(rt, b.Device.Flash.Place(b.slots[0].Offset, lot.Filler(3, 12<<10)))
		size := rapid.SampledFrom([]uint32{ota.SizeUnknown, ota.Sequential}).Draw(rt, "size")
		h, err := b.Begin(b.slots[0], size)
		require.NoError(rt, err)
		for left := image; len(left) > 0; {
			n := min(len(left), rapid.IntRange(1, 2000).Draw(rt, "piece"))
			require.NoError(rt, h.Write(left[:n]))
			left = left[n:]
		}
		require.NoError(rt, h.End())
		got := make([]byte, len(image))
		b.Device.Cached().Read(b.slots[0].Offset, got)
		require.Equal(rt, image, got)
	})
}

func TestWriteRefuses(t *testing.T) {
	b := newBench(t, "v5.5.5", emu.SlotFactory, nil)
	h, err := b.Begin(b.slots[0], 0)
	require.NoError(t, err)
	require.ErrorIs(t, h.Write([]byte{0xEA}), ota.ErrValidateFailed)
	require.NoError(t, h.Write([]byte{0xE9}))
	require.ErrorIs(t, h.End(), ota.ErrValidateFailed)
	var slot *ota.SlotError
	require.ErrorAs(t, h.Write(make([]byte, 128<<10)), &slot)
}

func TestSetBootPartition(t *testing.T) {
	b := newBench(t, "v5.5.5", emu.SlotFactory, nil)
	require.ErrorIs(t, b.SetBootPartition(b.slots[1]), ota.ErrValidateFailed)
	require.Empty(t, b.did())
	b.app(t, b.slots[1].Offset, 0)
	b.Rollback = true
	require.NoError(t, b.SetBootPartition(b.slots[1]))
	require.Equal(t, []string{"erase 4 KiB", "program"}, b.did())
	require.Equal(t, otadata.New(2, otadata.StateNew), b.pair()[0])
	b.app(t, b.slots[0].Offset, 0)
	require.NoError(t, b.SetBootPartition(b.slots[0]))
	require.EqualValues(t, 3, b.pair()[1].Seq)
	require.EqualValues(t, 2, b.pair()[0].Seq, "the entry in use was touched")
}

// The label bytes stay what the sector held; v3.1's label includes the state.
func TestLabelStays(t *testing.T) {
	for version, want := range map[string]otadata.State{"v3.1": otadata.StateAborted, "v3.3.6": otadata.StateUndefined} {
		b := newBench(t, version, emu.SlotFactory, nil)
		b.app(t, b.slots[0].Offset, 0)
		old := otadata.New(9, otadata.StateAborted)
		old.Label[3], old.CRC = 'x', 0
		b.entries(t, old)
		require.NoError(t, b.SetBootPartition(b.slots[0]))
		require.Equal(t, byte('x'), b.pair()[0].Label[3])
		require.Equal(t, want, b.pair()[0].State, version)
	}
}

func TestFactoryIsSelectedByErasing(t *testing.T) {
	b := newBench(t, "v5.5.5", 0, nil)
	factory, _ := b.Table.Factory()
	b.app(t, factory.Offset, 0)
	b.entries(t, otadata.New(1, otadata.StateValid), otadata.New(3, otadata.StateValid))
	require.NoError(t, b.SetBootPartition(factory))
	require.True(t, b.pair()[0].Erased() && b.pair()[1].Erased())
	require.Equal(t, []string{"erase 4 KiB", "erase 4 KiB"}, b.did())
}

func TestAntiRollback(t *testing.T) {
	b := newBench(t, "v5.5.5", 0, nil)
	b.AntiRollback, b.Rollback = true, true
	b.app(t, b.slots[0].Offset, 3)
	b.entries(t, otadata.New(1, otadata.StatePendingVerify))
	require.NoError(t, b.MarkValid())
	require.Equal(t, []string{"erase 4 KiB", "program", "burn"}, b.did(), "the eFuse comes last")
	require.EqualValues(t, 3, b.Device.Efuses.SecureVersion())
	b.app(t, b.slots[1].Offset, 3)
	require.NoError(t, b.SetBootPartition(b.slots[1]), "the version that is burnt will do")
	b.app(t, b.slots[1].Offset, 2)
	require.ErrorIs(t, b.SetBootPartition(b.slots[1]), ota.ErrSecureVersion)
	require.True(t, b.Device.Flash.Erased(b.slots[1].Offset, b.slots[1].Size), "the slot is erased")
}

func TestMarkValidInPlace(t *testing.T) {
	b := newBench(t, "v4.4.8", 1, nil)
	b.entries(t, otadata.New(1, otadata.StateValid), otadata.New(2, otadata.StatePendingVerify))
	require.NoError(t, b.MarkValid())
	require.Equal(t, otadata.StateValid, b.pair()[1].State)
	require.Equal(t, []string{"erase 4 KiB", "program"}, b.did())
	require.NoError(t, b.MarkValid())
	require.Empty(t, b.did(), "there was nothing left to do")
}

func TestMarkInvalidNeedsAnotherApp(t *testing.T) {
	b := newBench(t, "v4.4.8", 1, nil)
	b.entries(t, otadata.New(1, otadata.StateValid), otadata.New(2, otadata.StatePendingVerify))
	require.ErrorIs(t, b.MarkInvalid(), ota.ErrRollbackFailed)
	require.Empty(t, b.did())
	b.app(t, b.slots[0].Offset, 0)
	require.NoError(t, b.MarkInvalid())
	require.Equal(t, otadata.StateInvalid, b.pair()[1].State)
	// With the other entry gone the factory application has to do.
	b.entries(t, lot.Blank(), otadata.New(2, otadata.StatePendingVerify))
	require.ErrorIs(t, b.MarkInvalid(), ota.ErrRollbackFailed)
	factory, _ := b.Table.Factory()
	b.app(t, factory.Offset, 0)
	require.NoError(t, b.MarkInvalid())
}

func TestEraseLastBootApp(t *testing.T) {
	b := newBench(t, "v4.4.8", 1, nil)
	b.app(t, b.slots[0].Offset, 0)
	b.entries(t, lot.Blank(), otadata.New(2, otadata.StateValid))
	require.ErrorIs(t, b.EraseLastBootApp(), ota.ErrNothingToErase)
	b.entries(t, otadata.New(1, otadata.StateValid), otadata.New(2, otadata.StateValid))
	require.NoError(t, b.EraseLastBootApp())
	require.True(t, b.Device.Flash.Erased(b.slots[0].Offset, 64<<10))
	require.True(t, b.pair()[0].Erased())
	require.Equal(t, []string{"erase 64 KiB", "erase 64 KiB", "erase 4 KiB"}, b.did(), "the application first")
}

// A read that fails makes every call fail, and nothing is written.
func TestFailingReads(t *testing.T) {
	b := newBench(t, "v5.5.5", 1, nil)
	b.entries(t, otadata.New(1, otadata.StateValid), otadata.New(2, otadata.StatePendingVerify))
	b.OnRead = func() error { return errRead }
	for _, call := range []func() error{b.MarkValid, b.MarkInvalid, b.EraseLastBootApp, func() error { return b.SetBootPartition(b.slots[0]) }} {
		require.ErrorIs(t, call(), errRead)
	}
	require.Empty(t, b.did())
}

var errRead = errors.New("no flash")
