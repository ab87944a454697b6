package machine_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/bootloader"
	"github.com/bootsim/bootsim/emu/machine"
	"github.com/bootsim/bootsim/emu/recall"
	"github.com/bootsim/bootsim/fixtures/lot"
	"github.com/bootsim/bootsim/flashmodel/crypt"
	"github.com/bootsim/bootsim/flashmodel/otadata"
)

// slack is what may be read or hashed beside what has to be: sectors around a
// change, the headers between segments, the distance of two states of a hash.
const slack = 20 << 10

// spent is what a boot cost in checksums and hashes of images.
func spent(tb testing.TB, m *machine.Machine, d *emu.Device, boots string) recall.Work {
	tb.Helper()
	before := m.Work()
	out := m.Boot(d)
	require.NotNil(tb, out.App)
	require.Equal(tb, boots, out.App.Label)
	after := m.Work()
	return recall.Work{Read: after.Read - before.Read, Hashed: after.Hashed - before.Hashed}
}

// Every byte of an image is read, decrypted and hashed once, and not again for
// as long as key and bytes are what they were: in forks, on a device that was put
// together anew, by a machine with another profile.
func TestImagesAreReadAndHashedOnce(t *testing.T) {
	d, key := largeDevice(t)
	size := uint64(len(lot.App(lot.AppSpec{Version: "1", Size: 1 << 20})))
	m := machine.New(machine.Options{})
	once := spent(t, m, d.Fork(), "factory")
	require.Equal(t, size-32, once.Hashed)
	require.Less(t, once.Read, size+slack)
	require.Greater(t, once.Read, size-slack)

	again, _ := largeDevice(t)
	require.Zero(t, spent(t, m, again, "factory"), "the same content, but no fork")
	other := machine.New(machine.Options{Rollback: bootloader.Yes}).Share(m)
	require.Zero(t, spent(t, other, d.Fork(), "factory"), "another profile")
	for name, change := range map[string]func(*emu.Device){
		"fork": func(*emu.Device) {},
		"otadata": func(d *emu.Device) {
			e := otadata.New(0xFFFFFFFE, otadata.StateUndefined).Encode()
			e[0] ^= 1 // no entry counts
			place(t, d, *key, 0xd000, e[:])
		},
		"table": func(d *emu.Device) {
			place(t, d, *key, 0x8000, lot.Table(largeTableCSV+"more,data,0x40,0x2d0000,4K,\n"))
		},
		"storage": func(d *emu.Device) { place(t, d, *key, 0x290000, make([]byte, 4096)) },
		"label": func(d *emu.Device) {
			place(t, d, *key, 0x8000, lot.Table(strings.Replace(largeTableCSV, "ota_0,app", "renamed,app", 1)))
		},
		"BLOCK3": func(d *emu.Device) { require.NoError(t, d.Efuses.Burn(3, []uint32{1, 2, 3})) },
		"count":  func(d *emu.Device) { require.NoError(t, d.Efuses.Burn(0, []uint32{6 << 20})) },
		"locks": func(d *emu.Device) {
			require.NoError(t, d.Efuses.Burn(0, []uint32{1<<16 | 0x484, 0, 0, 0, 0, 0, 0x3C4}))
		},
		"cause": func(d *emu.Device) { d.Cause = emu.ResetSoftware },
	} {
		fork := d.Fork()
		change(fork)
		require.Zero(t, spent(t, m, fork, "factory"), name)
	}
	require.Equal(t, size-32, spent(t, m, otaDevice(t, d, *key), "ota_0").Hashed, "the other slot")
}

// otaDevice is a fork of d that boots ota_0.
func otaDevice(t *testing.T, d *emu.Device, key crypt.Key) *emu.Device {
	fork := d.Fork()
	e := otadata.New(1, otadata.StateUndefined).Encode()
	place(t, fork, key, 0xd000, e[:])
	return fork
}

// A changed image is hashed from the change on, and read there alone, however
// many other changes of it were booted in the meantime.
func TestChangedImagesAreHashedFromTheChangeOn(t *testing.T) {
	app := lot.App(lot.AppSpec{Version: "1", Size: 1 << 20})
	d, key := largeDevice(t)
	m := machine.New(machine.Options{})
	spent(t, m, d.Fork(), "factory")
	for n, at := range []int{0xf0000, 0x300, 0xf4000, 0x40000, 0xff000, 0x1000, 0x80000, 0xc0000, 0xffd00, 0x4000, 0xe0000} {
		fork := d.Fork()
		page, tail := repaired(app, at, uint32(n+1))
		place(t, fork, *key, 0x10000+uint32(at), page)
		place(t, fork, *key, 0x10000+uint32(len(app)-len(tail)), tail)
		w := spent(t, m, fork, "factory")
		rest := uint64(len(app) - at)
		require.Less(t, w.Hashed, rest+slack, "changed at 0x%x", at)
		require.Greater(t, w.Hashed+slack, rest)
		require.Less(t, w.Read, rest+2*slack)
	}
	require.Zero(t, spent(t, m, d.Fork(), "factory"), "the original is still known")
}

// What does not fit its checksum is hashed by no boot that knows the original.
func TestDamagedImagesAreNotHashed(t *testing.T) {
	d, key := largeDevice(t)
	m := machine.New(machine.Options{})
	spent(t, m, d.Fork(), "factory")
	spent(t, m, otaDevice(t, d, *key), "ota_0")
	place(t, d, *key, 0x80000, lot.Filler(3, 256))
	w := spent(t, m, d, "ota_0")
	require.Zero(t, w.Hashed)
	require.LessOrEqual(t, w.Read, uint64(2*4096), "the sector before and after")
}

// Another key shows another image: it is no use to remember the first one's.
func TestAnotherKeyReadsAnew(t *testing.T) {
	d, _ := largeDevice(t)
	m := machine.New(machine.Options{})
	once := spent(t, m, d.Fork(), "factory")
	other, err := crypt.ParseKey(lot.Filler(8, 32))
	require.NoError(t, err)
	var raw [0x210000]byte
	d.Cached().Read(0x1000, raw[:])
	require.NoError(t, d.Flash.Place(0x1000, lot.Encrypt(other, crypt.FullConfig, 0x1000, raw[:])))
	require.NoError(t, d.Efuses.PlaceFlashKey(other))
	require.Equal(t, once, spent(t, m, d, "factory"))
}
