package engine_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/engine"
	"github.com/bootsim/bootsim/emu/esp32"
	"github.com/bootsim/bootsim/fixtures/cboot"
	"github.com/bootsim/bootsim/fixtures/lot"
	"github.com/bootsim/bootsim/flashmodel"
	"github.com/bootsim/bootsim/flashmodel/crypt"
	"github.com/bootsim/bootsim/flashmodel/espimage"
	"github.com/bootsim/bootsim/flashmodel/otadata"

	"github.com/bootsim/bootsim/emu/efuse"
)

const cbootTable = "nvs,data,nvs,0x9000,16K,\notadata,data,ota,0xd000,8K,\nfactory,app,factory,0x10000,128K,\n" +
	"ota_0,app,ota_0,0x30000,128K,\nota_1,app,ota_1,0x50000,128K,\n"

// device has our own bootloader and three applications. With a key everything
// is encrypted.
func device(tb testing.TB, key *crypt.Key) *emu.Device {
	tb.Helper()
	flash, err := flashmodel.New(1 << 20)
	require.NoError(tb, err)
	fuses := lot.Chip(lot.ChipSpec{Revision: efuse.Revision{Major: 3}})
	if key != nil {
		fuses = lot.Chip(lot.Encrypting(efuse.Revision{Major: 3}, *key))
	}
	for addr, b := range map[uint32][]byte{
		0x1000: cboot.Image(), 0x8000: lot.Table(cbootTable), 0xd000: lot.OTAData(lot.Blank(), lot.Blank()),
		0x10000: app("factory"), 0x30000: app("first"), 0x50000: app("second"),
	} {
		if key != nil {
			b = lot.Encrypt(*key, crypt.FullConfig, addr, b)
		}
		require.NoError(tb, flash.Place(addr, b))
	}
	return &emu.Device{Flash: flash, Efuses: fuses, ROM: emu.ROM2019, APBRevision: true, Cause: emu.ResetPowerOn}
}

func app(version string) []byte { return lot.App(lot.AppSpec{Version: version, Size: 48 << 10}) }

func text(log []emu.Line) string {
	var b strings.Builder
	for _, l := range log {
		b.WriteString(l.String() + "\n")
	}
	return b.String()
}

// The first boot writes otadata through the SPI controller and starts ota_0;
// the next one finds it there.
func TestOwnBootloaderBoots(t *testing.T) {
	d := device(t, nil)
	e := &engine.Engine{}
	first := e.Boot(d)
	require.Equal(t, emu.EndApp, first.End, "%s%s", text(first.Log), first.NotModelled)
	require.Equal(t, &emu.App{Slot: 0, Label: "ota_0", Offset: 0x30000, Size: 128 << 10, Entry: 0x40080FC4}, first.App)
	require.Contains(t, text(first.Log), "otadata gets sequence 1")
	var raw [otadata.EntrySize]byte
	d.Flash.Read(0xd000, raw[:])
	entry := otadata.Decode(raw[:])
	require.True(t, entry.CRCOK())
	require.EqualValues(t, 1, entry.Seq)
	again := e.Boot(d)
	require.Equal(t, first.App, again.App)
	require.NotContains(t, text(again.Log), "otadata gets")
}

// Every operation on flash goes through the journal, so that crash states can
// be derived.
func TestOwnBootloaderWritesThroughTheJournal(t *testing.T) {
	d := device(t, nil)
	before := d.Fork()
	var j flashmodel.Journal
	d.Attach(&j)
	(&engine.Engine{}).Boot(d)
	require.Len(t, j.Ops(), 2)
	require.NoError(t, flashmodel.Replay(before.Flash, j.Ops()))
	require.Equal(t, d.Flash.Sum(), before.Flash.Sum())
}

func TestOwnBootloaderBootsEncrypted(t *testing.T) {
	key, err := crypt.ParseKey(lot.Filler(7, 32))
	require.NoError(t, err)
	d := device(t, &key)
	require.NoError(t, d.Flash.Place(0xd000, lot.Encrypt(key, crypt.FullConfig, 0xd000, pair(2, 1))))
	out := (&engine.Engine{}).Boot(d)
	require.NotNil(t, out.App, "%s%s", text(out.Log), out.NotModelled)
	require.Equal(t, "ota_1", out.App.Label)
	// The same bytes under another key are noise.
	wrong := device(t, &key)
	require.NoError(t, wrong.Flash.Place(0x8000, lot.Table(cbootTable)))
	out = (&engine.Engine{}).Boot(wrong)
	require.Equal(t, emu.EndReturned, out.End, text(out.Log))
	require.Equal(t, emu.ReasonTable, out.Refusals[0].Reason)
}

func pair(a, b uint32) []byte {
	e := func(seq uint32) otadata.Entry { return otadata.New(seq, otadata.StateUndefined) }
	return lot.OTAData(e(a), e(b))
}

// A flipped bit in an application is found by its hash or its checksum, and the
// bootloader goes to the factory application.
func TestOwnBootloaderRefusesDamage(t *testing.T) {
	for at, line := range map[uint32]string{0x30000: "invalid magic byte", 0x30400: "Checksum failed", 0x3BFF0: "Image hash failed"} {
		d := device(t, nil)
		var b [1]byte
		d.Flash.Read(at, b[:])
		b[0] ^= 4
		require.NoError(t, d.Flash.Place(at, b[:]))
		out := (&engine.Engine{}).Boot(d)
		require.Contains(t, text(out.Log), line, "0x%x", at)
		require.Equal(t, "factory", out.App.Label)
	}
}

// An image that loads nothing at its entry is started all the same, and finds
// there what the bootloader left.
func TestAnEntryInTheLoaderIsAnApplication(t *testing.T) {
	d := device(t, nil)
	const entry = 0x40078000 // of the bootloader itself
	image := lot.App(lot.AppSpec{Version: "1.0", Header: func(h *espimage.Header) { h.Entry = entry }})
	require.NoError(t, d.Flash.Place(0x30000, image))
	out := (&engine.Engine{}).Boot(d)
	require.Equal(t, emu.EndApp, out.End, out.NotModelled)
	require.EqualValues(t, entry, out.App.Entry)
	require.EqualValues(t, 0x30000, out.App.Offset)
}

func TestOwnBootloaderResetsWithoutApps(t *testing.T) {
	d := device(t, nil)
	for _, at := range []uint32{0x10000, 0x30000, 0x50000} {
		require.NoError(t, d.Flash.Place(at, make([]byte, 16)))
	}
	out := (&engine.Engine{}).Boot(d)
	require.Equal(t, emu.EndReset, out.End)
	require.Equal(t, emu.ResetSoftware, out.NextCause)
	require.Equal(t, emu.ReasonNoApps, out.Refusals[len(out.Refusals)-1].Reason)
}

// The same device boots the same way, instruction by instruction.
func TestRunsAreRepeatable(t *testing.T) {
	d := device(t, nil)
	var steps [2]uint64
	for i := range steps {
		e := &engine.Engine{Observe: func(_ *esp32.Machine, r *esp32.Result) {
			if r != nil {
				steps[i] = r.Steps
			}
		}}
		e.Boot(d.Fork())
	}
	require.NotZero(t, steps[0])
	require.Equal(t, steps[0], steps[1])
}
