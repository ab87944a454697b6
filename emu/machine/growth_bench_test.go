package machine_test

import (
	"fmt"
	"slices"
	"strings"
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

// size is the shape of a device whose boots are timed.
type size struct {
	flash uint32 // bytes
	slots int    // OTA slots, of which the last holds the only valid app
	app   uint32 // bytes
}

// deviceOf is an encrypted device of which every byte behind the table is written
// and whose slots are damaged but for the last, which otadata does not name: a
// boot tries them all.
func deviceOf(tb testing.TB, s size) (*emu.Device, crypt.Key, string) {
	tb.Helper()
	key, err := crypt.ParseKey(lot.Filler(7, 32))
	require.NoError(tb, err)
	flash, err := flashmodel.New(s.flash)
	require.NoError(tb, err)
	require.NoError(tb, flash.Place(0x10000, lot.Filler(3, s.flash-0x10000)))
	csv := "nvs,data,nvs,0x9000,16K,\notadata,data,ota,0xd000,8K,\n"
	app := lot.App(lot.AppSpec{Version: "1", Size: s.app})
	bad := append([]byte(nil), app...)
	bad[len(bad)/2] ^= 1
	room := (s.app + 0x1FFFF) &^ 0xFFFF
	for i := range s.slots {
		at := 0x10000 + uint32(i)*room
		csv += fmt.Sprintf("ota_%d,app,ota_%d,0x%x,%dK,\n", i, i, at, room>>10)
		image := bad
		if i == s.slots-1 {
			image = app
		}
		require.NoError(tb, flash.Place(at, lot.Encrypt(key, crypt.FullConfig, at, image)))
	}
	e := otadata.New(1, otadata.StateUndefined).Encode()
	for addr, b := range map[uint32][]byte{
		0x1000: lot.Bootloader(lot.BootloaderSpec{IDF: "v5.1.7", FlashEncryption: true, FlashSize: s.flash}),
		0x8000: lot.Table(csv), 0xd000: e[:],
	} {
		require.NoError(tb, flash.Place(addr, lot.Encrypt(key, crypt.FullConfig, addr, b)))
	}
	chip := lot.Chip(lot.Encrypting(efuse.Revision{Major: 3}, key))
	d := &emu.Device{Flash: flash, Efuses: chip, ROM: emu.ROM2019, APBRevision: true, Cause: emu.ResetPowerOn}
	return d, key, csv
}

// BenchmarkGrowth times boots by size of flash, number of slots that are tried,
// and size of the image.
func BenchmarkGrowth(b *testing.B) {
	sizes := []size{}
	add := func(s size) {
		if !slices.Contains(sizes, s) {
			sizes = append(sizes, s)
		}
	}
	for flash := uint32(1 << 20); flash <= 16<<20; flash *= 2 {
		add(size{flash, 1, 256 << 10})
	}
	for slots := 1; slots <= 16; slots *= 2 {
		add(size{16 << 20, slots, 256 << 10})
	}
	for app := uint32(64 << 10); app <= 4<<20; app *= 4 {
		add(size{16 << 20, 1, app})
	}
	for _, s := range sizes {
		d, key, csv := deviceOf(b, s)
		require.Equal(b, fmt.Sprint("ota_", s.slots-1), machine.New(machine.Options{}).Boot(d.Fork()).App.Label)
		b.Run(fmt.Sprintf("flash=%dMB/slots=%d/image=%dK", s.flash>>20, s.slots, s.app>>10), func(b *testing.B) {
			b.Run("cold", func(b *testing.B) {
				for b.Loop() {
					machine.New(machine.Options{}).Boot(d.Fork())
				}
			})
			b.Run("fork", func(b *testing.B) {
				m := machine.New(machine.Options{})
				m.Boot(d.Fork())
				for b.Loop() {
					m.Boot(d.Fork())
				}
			})
			b.Run("table", func(b *testing.B) {
				timeChanged(b, d, func(fork *emu.Device, n uint32) {
					renamed := strings.Replace(csv, "nvs,", fmt.Sprintf("n%x,", n), 1)
					place(b, fork, key, 0x8000, lot.Table(renamed)[:1024])
				})
			})
		})
	}
}
