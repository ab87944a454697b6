package machine_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/efuse"
	"github.com/bootsim/bootsim/emu/machine"
	"github.com/bootsim/bootsim/fixtures/lot"
	"github.com/bootsim/bootsim/flashmodel"
	"github.com/bootsim/bootsim/flashmodel/crypt"
	"github.com/bootsim/bootsim/flashmodel/otadata"
)

const largeTableCSV = "nvs,data,nvs,0x9000,16K,\notadata,data,ota,0xd000,8K,\nfactory,app,factory,0x10000,1280K,\n" +
	"ota_0,app,ota_0,0x150000,1280K,\nstorage,data,spiffs,0x290000,256K,\n"

// largeDevice is an encrypted device of 4 MB with an app of 1 MiB in factory
// and in ota_0.
func largeDevice(tb testing.TB) (*emu.Device, *crypt.Key) {
	tb.Helper()
	key, err := crypt.ParseKey(lot.Filler(7, 32))
	require.NoError(tb, err)
	flash, err := flashmodel.New(4 << 20)
	require.NoError(tb, err)
	app := lot.App(lot.AppSpec{Version: "1", Size: 1 << 20})
	for addr, b := range map[uint32][]byte{
		0x1000: lot.Bootloader(lot.BootloaderSpec{IDF: "v5.1.7", FlashEncryption: true}), 0x8000: lot.Table(largeTableCSV),
		0xd000:  lot.OTAData(lot.Blank(), lot.Blank()),
		0x10000: app, 0x150000: app,
	} {
		require.NoError(tb, flash.Place(addr, lot.Encrypt(key, crypt.FullConfig, addr, b)))
	}
	chip := lot.Chip(lot.Encrypting(efuse.Revision{Major: 3}, key))
	return &emu.Device{Flash: flash, Efuses: chip, ROM: emu.ROM2019, APBRevision: true, Cause: emu.ResetPowerOn}, &key
}

// changed is how many different changes a benchmark goes through, so that none
// is met again while it is remembered.
const changed = 1024

// benchmarkChanged boots forks of one device, each with another change, on a
// machine that has booted the device itself.
func benchmarkChanged(b *testing.B, change func(d *emu.Device, key crypt.Key, n uint32)) {
	d, key := largeDevice(b)
	m := machine.New(machine.Options{})
	require.NotNil(b, m.Boot(d.Fork()).App)
	forks := make([]*emu.Device, changed)
	for n := range forks {
		forks[n] = d.Fork()
		change(forks[n], *key, uint32(n))
	}
	b.ReportAllocs()
	b.ResetTimer()
	for n := 0; b.Loop(); n++ {
		m.Boot(forks[n%changed])
	}
}

// place writes plaintext as the cache is to show it.
func place(tb testing.TB, d *emu.Device, key crypt.Key, addr uint32, plain []byte) {
	require.NoError(tb, d.Flash.Place(addr, lot.Encrypt(key, crypt.FullConfig, addr, plain)))
}

func BenchmarkChangedOTAData(b *testing.B) {
	benchmarkChanged(b, func(d *emu.Device, key crypt.Key, n uint32) {
		place(b, d, key, 0xd000, lot.OTAData(otadata.New(n+1, otadata.StateUndefined), lot.Blank())[:flashmodel.SectorSize])
	})
}

func BenchmarkChangedTable(b *testing.B) {
	benchmarkChanged(b, func(d *emu.Device, key crypt.Key, n uint32) {
		csv := fmt.Sprintf("%sextra,data,0x40,0x%x,4K,\n", largeTableCSV, 0x2d0000+n%256<<12)
		place(b, d, key, 0x8000, lot.Table(csv))
	})
}

func BenchmarkChangedEfuse(b *testing.B) {
	benchmarkChanged(b, func(d *emu.Device, _ crypt.Key, n uint32) {
		require.NoError(b, d.Efuses.Burn(3, []uint32{0, n}))
	})
}

// A page of the app is damaged: its checksum no longer fits.
func BenchmarkChangedPage(b *testing.B) {
	benchmarkChanged(b, func(d *emu.Device, key crypt.Key, n uint32) {
		place(b, d, key, 0x10000+0x400*n&^0xff, lot.Filler(n, flashmodel.PageSize))
	})
}
