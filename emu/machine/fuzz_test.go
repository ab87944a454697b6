package machine_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/efuse"
	"github.com/bootsim/bootsim/emu/machine"
	"github.com/bootsim/bootsim/fixtures/lot"
	"github.com/bootsim/bootsim/flashmodel"
	"github.com/bootsim/bootsim/flashmodel/crypt"
)

const tableCSV = "nvs,data,nvs,0x9000,16K,\notadata,data,ota,0xd000,8K,\nfactory,app,factory,0x10000,128K,\n" +
	"ota_0,app,ota_0,0x30000,128K,\nota_1,app,ota_1,0x50000,128K,\n"

// device is a plain device of 1 MB with three apps.
func device(tb testing.TB, idf string) *emu.Device {
	tb.Helper()
	flash, err := flashmodel.New(1 << 20)
	require.NoError(tb, err)
	app := lot.App(lot.AppSpec{Version: "1", Size: 32 << 10})
	for addr, b := range map[uint32][]byte{
		0x1000: lot.Bootloader(lot.BootloaderSpec{IDF: idf, FlashSize: 1 << 20}), 0x8000: lot.Table(tableCSV),
		0x10000: app, 0x30000: app, 0x50000: app,
	} {
		require.NoError(tb, flash.Place(addr, b))
	}
	chip := lot.Chip(lot.ChipSpec{Revision: efuse.Revision{Major: 3}})
	return &emu.Device{Flash: flash, Efuses: chip, ROM: emu.ROM2019, APBRevision: true, Cause: emu.ResetPowerOn}
}

// encryptedDevice is a device of 4 MB on which everything is encrypted.
func encryptedDevice(tb testing.TB) *emu.Device {
	tb.Helper()
	key, err := crypt.ParseKey(lot.Filler(7, 32))
	require.NoError(tb, err)
	flash, err := flashmodel.New(4 << 20)
	require.NoError(tb, err)
	for addr, b := range map[uint32][]byte{
		0x1000: lot.Bootloader(lot.BootloaderSpec{IDF: "v5.1.7", FlashEncryption: true}), 0x8000: lot.Table(tableCSV),
		0xd000:  lot.OTAData(lot.Blank(), lot.Blank()),
		0x10000: lot.App(lot.AppSpec{Version: "1", Size: 100 << 10}),
	} {
		require.NoError(tb, flash.Place(addr, lot.Encrypt(key, crypt.FullConfig, addr, b)))
	}
	chip := lot.Chip(lot.Encrypting(efuse.Revision{Major: 3}, key))
	return &emu.Device{Flash: flash, Efuses: chip, ROM: emu.ROM2019, APBRevision: true, Cause: emu.ResetPowerOn}
}

// agree boots two forks and requires the same of both.
func agree(tb testing.TB, d *emu.Device) emu.Outcome {
	tb.Helper()
	a, b := d.Fork(), d.Fork()
	first := machine.New(machine.Options{}).Boot(a)
	require.Equal(tb, first, machine.New(machine.Options{}).Boot(b))
	require.Equal(tb, a.Flash.Sum(), b.Flash.Sum())
	require.True(tb, a.Efuses.Equal(b.Efuses))
	require.Equal(tb, first.End == emu.EndApp, first.App != nil)
	return first
}

// FuzzBoot puts arbitrary bytes anywhere on a device that boots.
func FuzzBoot(f *testing.F) {
	for _, addr := range []uint32{0x1000, 0x1018, 0x8000, 0x8020, 0xd000, 0x10000, 0x10018, 0x30000} {
		f.Add(uint8(0), addr, []byte{0xE9, 0x01, 0x02, 0x20, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF}, uint32(0))
	}
	f.Add(uint8(3), uint32(0xd000), []byte{1, 0, 0, 0}, uint32(1<<20))
	versions := []string{"v3.0.9", "v3.1", "v3.2.5", "v3.3.6", "v4.0.4", "v4.2.5", "v4.3.7", "v4.4.8", "v5.0.9", "v5.2.6", "v5.5.5", "v6.0.2"}
	base := map[string]*emu.Device{}
	for _, v := range versions {
		base[v] = device(f, v)
	}
	f.Fuzz(func(t *testing.T, version uint8, addr uint32, data []byte, word0 uint32) {
		d := base[versions[int(version)%len(versions)]].Fork()
		addr %= d.Flash.Size()
		data = data[:min(len(data), int(d.Flash.Size()-addr), 64<<10)]
		require.NoError(t, d.Flash.Place(addr, data))
		_ = d.Efuses.Burn(0, []uint32{word0})
		agree(t, d)
	})
}

// A device that boots goes on booting the same app, whatever lies where nobody reads.
func TestUnusedFlashDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		d := device(t, rapid.SampledFrom([]string{"v3.1", "v4.0.4", "v4.4.8", "v5.5.5"}).Draw(rt, "version"))
		want := agree(t, d)
		require.NotNil(t, want.App)
		addr := rapid.Uint32Range(0x70000, 0xFF000).Draw(rt, "addr")
		require.NoError(t, d.Flash.Place(addr, rapid.SliceOfN(rapid.Byte(), 1, 4096).Draw(rt, "bytes")))
		require.Equal(t, want, agree(t, d))
	})
}

// A flipped bit in an app with a hash is never booted as that app.
func TestFlippedBitIsNeverBooted(t *testing.T) {
	size := len(lot.App(lot.AppSpec{Version: "1", Size: 32 << 10}))
	rapid.Check(t, func(rt *rapid.T) {
		d := device(t, rapid.SampledFrom([]string{"v3.1", "v3.3.6", "v4.4.8", "v5.5.5", "v6.0.2"}).Draw(rt, "version"))
		require.Equal(t, "factory", agree(t, d).App.Label)
		at := uint32(rapid.IntRange(0, size-1).Draw(rt, "offset"))
		if at == 23 {
			return // the byte that says whether there is a hash at all
		}
		var b [1]byte
		d.Flash.Read(0x10000+at, b[:])
		b[0] ^= 1 << rapid.IntRange(0, 7).Draw(rt, "bit")
		require.NoError(t, d.Flash.Place(0x10000+at, b[:]))
		if app := agree(t, d).App; app != nil {
			require.NotEqual(t, "factory", app.Label, "offset 0x%x", at)
		}
	})
}

func BenchmarkColdBootEncrypted(b *testing.B) {
	d := encryptedDevice(b)
	require.NotNil(b, agree(b, d).App)
	b.ReportAllocs()
	for b.Loop() {
		machine.New(machine.Options{}).Boot(d.Fork())
	}
}

func BenchmarkWarmForkEncrypted(b *testing.B) {
	d := encryptedDevice(b)
	m := machine.New(machine.Options{})
	m.Boot(d.Fork())
	b.ReportAllocs()
	for b.Loop() {
		m.Boot(d.Fork())
	}
}
