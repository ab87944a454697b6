package machine_test

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"regexp"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/efuse"
	"github.com/bootsim/bootsim/emu/machine"
	"github.com/bootsim/bootsim/fixtures/lot"
	"github.com/bootsim/bootsim/flashmodel"
	"github.com/bootsim/bootsim/flashmodel/crypt"
	"github.com/bootsim/bootsim/flashmodel/espimage"
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

// ahead is how many forks are changed before they are booted.
const ahead = 256

// benchmarkChanged is timeChanged of a large device.
func benchmarkChanged(b *testing.B, change func(d *emu.Device, key crypt.Key, n uint32)) {
	d, key := largeDevice(b)
	timeChanged(b, d, func(fork *emu.Device, n uint32) { change(fork, *key, n) })
}

// timeChanged boots forks of one device, each with a change that was never
// there before, on a machine that has booted the device itself. Only the boots
// are timed.
func timeChanged(b *testing.B, d *emu.Device, change func(fork *emu.Device, n uint32)) {
	m := machine.New(machine.Options{})
	require.NotNil(b, m.Boot(d.Fork()).App)
	forks := make([]*emu.Device, ahead)
	n := 0
	b.ReportAllocs()
	b.ResetTimer()
	for b.Loop() {
		if n%ahead == 0 {
			b.StopTimer()
			for i := range forks {
				forks[i] = d.Fork()
				change(forks[i], uint32(n+i+1))
			}
			b.StartTimer()
		}
		m.Boot(forks[n%ahead])
		n++
	}
}

// place writes plaintext as the cache is to show it.
func place(tb testing.TB, d *emu.Device, key crypt.Key, addr uint32, plain []byte) {
	require.NoError(tb, d.Flash.Place(addr, lot.Encrypt(key, crypt.FullConfig, addr, plain)))
}

func BenchmarkChangedOTAData(b *testing.B) {
	benchmarkChanged(b, func(d *emu.Device, key crypt.Key, n uint32) {
		e := otadata.New(n+1, otadata.StateUndefined).Encode()
		place(b, d, key, 0xd000, e[:])
	})
}

// One row of the table is another one, or all of them are.
func BenchmarkChangedTable(b *testing.B) {
	b.Run("row", func(b *testing.B) {
		benchmarkChanged(b, func(d *emu.Device, key crypt.Key, n uint32) {
			csv := fmt.Sprintf("%sn%x,data,0x40,0x%x,4K,\n", largeTableCSV, n, 0x2d0000+n%256<<12)
			place(b, d, key, 0x8000, lot.Table(csv)[:1024])
		})
	})
	b.Run("rows", func(b *testing.B) {
		benchmarkChanged(b, func(d *emu.Device, key crypt.Key, n uint32) {
			csv := regexp.MustCompile("(?m)^[a-z_0]+").ReplaceAllString(largeTableCSV, fmt.Sprintf("${0}%x", n))
			place(b, d, key, 0x8000, lot.Table(csv)[:1024])
		})
	})
}

// eFuses that a boot does not look at, or not at these bits: a user's word in
// BLOCK3, write protection, the interfaces that are switched off, and the count
// of flash encryption, which stays odd.
func BenchmarkChangedEfuse(b *testing.B) {
	for _, c := range []struct {
		name   string
		block0 func(n uint32) []uint32
	}{
		{"block3", nil},
		{"protection", func(n uint32) []uint32 { return []uint32{n << 3 & 0xFFF8} }},
		{"interfaces", func(n uint32) []uint32 { return []uint32{6: n&0xF<<6 | 1<<2} }},
		{"count", func(n uint32) []uint32 { return []uint32{6<<20 | n<<3&0xFFF8} }},
	} {
		b.Run(c.name, func(b *testing.B) {
			benchmarkChanged(b, func(d *emu.Device, _ crypt.Key, n uint32) {
				require.NoError(b, d.Efuses.Burn(3, []uint32{0, n}))
				if c.block0 != nil {
					require.NoError(b, d.Efuses.Burn(0, c.block0(n)))
				}
			})
		})
	}
}

// A page of the app is damaged: its checksum no longer fits. Or checksum and
// hash are repaired: everything from the page on is hashed.
func BenchmarkChangedPage(b *testing.B) {
	app := lot.App(lot.AppSpec{Version: "1", Size: 1 << 20})
	b.Run("damaged", func(b *testing.B) {
		benchmarkChanged(b, func(d *emu.Device, key crypt.Key, n uint32) {
			page := lot.Filler(n, flashmodel.PageSize)
			place(b, d, key, 0x10000+0x400*(n%1020)&^0xff, binary.LittleEndian.AppendUint32(page[:flashmodel.PageSize-4], n))
		})
	})
	for _, percent := range []int{0, 25, 50, 75, 90, 99} {
		b.Run(fmt.Sprintf("repaired at %d%%", percent), func(b *testing.B) {
			at := max(len(app)*percent/100, 0x300) &^ 0xff
			benchmarkChanged(b, func(d *emu.Device, key crypt.Key, n uint32) {
				page, tail := repaired(app, at, n)
				place(b, d, key, 0x10000+uint32(at), page)
				place(b, d, key, 0x10000+uint32(len(app)-len(tail)), tail)
			})
		})
	}
}

// repaired returns a changed page of an app and the app's new end: the last
// unit of its segments with the checksum, and the hash. They are right for the
// app with this page alone.
func repaired(app []byte, at int, n uint32) (page, tail []byte) {
	changed := slices.Clone(app)
	page = changed[at:][:flashmodel.PageSize]
	before := espimage.XOR(page)
	binary.LittleEndian.PutUint32(page[8:], n)
	end := len(app) - sha256.Size
	changed[end-1] ^= before ^ espimage.XOR(page)
	sum := sha256.Sum256(changed[:end])
	copy(changed[end:], sum[:])
	return page, changed[end-16:]
}

// The repaired app boots, or the benchmark above would not show what it should.
func TestRepairedPageBoots(t *testing.T) {
	app := lot.App(lot.AppSpec{Version: "1", Size: 1 << 20})
	d, key := largeDevice(t)
	m := machine.New(machine.Options{})
	for n, at := range []int{0x300, 0x80000, 0xffe00} {
		page, tail := repaired(app, at, uint32(n))
		place(t, d, *key, 0x10000+uint32(at), page)
		require.Equal(t, "ota_0", m.Boot(d.Fork()).App.Label, "not yet repaired")
		place(t, d, *key, 0x10000+uint32(len(app)-len(tail)), tail)
		require.Equal(t, "factory", m.Boot(d.Fork()).App.Label)
		d, _ = largeDevice(t)
	}
}

func BenchmarkColdBoot(b *testing.B) {
	d, _ := largeDevice(b)
	b.ReportAllocs()
	for b.Loop() {
		machine.New(machine.Options{}).Boot(d.Fork())
	}
}

func BenchmarkWarmFork(b *testing.B) {
	d, _ := largeDevice(b)
	m := machine.New(machine.Options{})
	m.Boot(d.Fork())
	b.ReportAllocs()
	for b.Loop() {
		m.Boot(d.Fork())
	}
}
