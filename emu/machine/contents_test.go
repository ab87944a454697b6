package machine_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/machine"
	"github.com/bootsim/bootsim/emu/recall"
	"github.com/bootsim/bootsim/fixtures/lot"
	"github.com/bootsim/bootsim/flashmodel"
	"github.com/bootsim/bootsim/flashmodel/crypt"
	"github.com/bootsim/bootsim/flashmodel/otadata"
)

// stockedDevice is a device with a key of its own that installed an application out of a
// stock to ota_0, and boots it.
func stockedDevice(t *testing.T, stock *flashmodel.Stock, app []byte, k byte) *emu.Device {
	d, key := largeDevice(t)
	if k != 0 {
		other, err := crypt.ParseKey(lot.Filler(uint32(k), 32))
		require.NoError(t, err)
		var raw [0x210000]byte
		d.Cached().Read(0x1000, raw[:])
		require.NoError(t, d.Flash.Place(0x1000, lot.Encrypt(other, crypt.FullConfig, 0x1000, raw[:])))
		require.NoError(t, d.Efuses.PlaceFlashKey(other))
		key = &other
	}
	d.Flash.Supply(stock)
	const slot = 0x150000
	require.NoError(t, d.Flash.EraseRange(slot, 0x120000))
	require.NoError(t, d.Flash.ProgramSealed(slot, app, d.Cipher(), d.Cipher().ID()))
	e := otadata.New(1, otadata.StateUndefined).Encode()
	place(t, d, *key, 0xd000, e[:])
	return d
}

// An application that comes out of a stock is hashed by one machine for all, with
// whatever key it was encrypted; one that was damaged since, or is read with a key
// that it was not encrypted with, is looked at.
func TestContentsAreHashedOnceForAllDevices(t *testing.T) {
	app := lot.App(lot.AppSpec{Version: "3", Size: 1 << 20})
	app = app[:len(app)&^15]
	stock := flashmodel.NewStock([][]byte{app})
	var known recall.Contents
	boot := func(d *emu.Device, boots string) uint64 {
		m := machine.New(machine.Options{}).Know(&known)
		alone := machine.New(machine.Options{}).Boot(d.Fork())
		before := m.Work()
		out := m.Boot(d)
		require.Equal(t, alone, out)
		require.Equal(t, boots, out.App.Label)
		return m.Work().Hashed - before.Hashed
	}
	require.Greater(t, boot(stockedDevice(t, stock, app, 0), "ota_0"), uint64(len(app)-slack))
	require.Zero(t, boot(stockedDevice(t, stock, app, 9), "ota_0"))
	damaged := stockedDevice(t, stock, app, 9)
	require.NoError(t, damaged.Flash.Program(0x190010, make([]byte, 16)))
	boot(damaged, "factory")
	wrong := stockedDevice(t, stock, app, 9)
	wrong.Flash = stockedDevice(t, stock, app, 0).Flash
	require.Nil(t, machine.New(machine.Options{}).Know(&known).Boot(wrong).App)
}
