package machine_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/efuse"
	"github.com/bootsim/bootsim/emu/machine"
	"github.com/bootsim/bootsim/fixtures/lot"
	"github.com/bootsim/bootsim/flashmodel"
	"github.com/bootsim/bootsim/flashmodel/otadata"
)

// encryptingDevice is in plaintext, and its bootloader supports flash encryption.
func encryptingDevice(tb testing.TB, boot lot.BootloaderSpec, tableOffset uint32) *emu.Device {
	tb.Helper()
	flash, err := flashmodel.New(1 << 20)
	require.NoError(tb, err)
	boot.FlashSize, boot.FlashEncryption = 1<<20, true
	require.NoError(tb, flash.Place(0x1000, lot.Bootloader(boot)))
	require.NoError(tb, flash.Place(tableOffset, lot.Table("factory,app,factory,0x10000,128K,\n")))
	require.NoError(tb, flash.Place(0x10000, lot.App(lot.AppSpec{Version: "1"})))
	return &emu.Device{Flash: flash, Efuses: lot.Chip(lot.ChipSpec{Revision: efuse.Revision{Major: 1}}), Cause: emu.ResetPowerOn}
}

// A bootloader that has encrypted the device resets it, in every version: what
// it has read until then was plaintext (spec 4.3).
func TestEncryptingEndsInAReset(t *testing.T) {
	for _, idf := range []string{"v3.1.7", "v3.3.6", "v4.0.4", "v4.4.8", "v5.1.7", "v6.0.2"} {
		d := encryptingDevice(t, lot.BootloaderSpec{IDF: idf}, 0x8000)
		m := machine.New(machine.Options{})
		out := m.Boot(d)
		require.Equal(t, emu.EndReset, out.End, idf)
		require.Equal(t, emu.ResetSoftware, out.NextCause)
		require.Equal(t, "Resetting with flash encryption enabled...", out.Log[len(out.Log)-1].Text)
		require.True(t, d.Efuses.FlashEncryption())
		require.Equal(t, emu.EndApp, m.Boot(d).End)
	}
}

// FLASH_CRYPT_CNT grows by its lowest bit that is not burnt, wherever the burnt
// ones lie.
func TestCountGrowsByItsLowestFreeBit(t *testing.T) {
	for have, want := range map[uint32]uint8{0x00: 0x01, 0x03: 0x07, 0x06: 0x07, 0x05: 0x07, 0x22: 0x23, 0x3F: 0x7F} {
		for _, idf := range []string{"v3.3.6", "v4.4.8", "v5.1.7"} {
			d := encryptingDevice(t, lot.BootloaderSpec{IDF: idf}, 0x8000)
			require.NoError(t, d.Efuses.Burn(0, []uint32{have << 20}))
			require.Equal(t, emu.EndReset, machine.New(machine.Options{}).Boot(d).End)
			require.Equal(t, want, d.Efuses.FlashCryptCnt(), "%s from 0x%02x", idf, have)
		}
	}
}

// A table is found where none lies at 0x8000, up to 0x40000, and even one of a
// single row that no digest follows.
func TestTableIsLookedFor(t *testing.T) {
	found := func(d *emu.Device) uint32 {
		p, err := machine.New(machine.Options{}).Profile(d)
		require.NoError(t, err)
		return p.TableOffset
	}
	for at, want := range map[uint32]uint32{0x8000: 0x8000, 0xC000: 0xC000, 0x40000: 0x40000, 0x41000: 0x8000} {
		d := encryptingDevice(t, lot.BootloaderSpec{IDF: "v4.4.8"}, at)
		require.Equal(t, want, found(d))
		blank := make([]byte, 0xC00-32)
		for i := range blank {
			blank[i] = 0xFF
		}
		require.NoError(t, d.Flash.Place(at+32, blank))
		require.Equal(t, want, found(d))
	}
}

// With anti-rollback an app starts whose secure_version is that of the eFuses or
// above, and one that is marked valid raises theirs to its own (spec 5.4).
func TestSecureVersionDecides(t *testing.T) {
	const ota0, ota1 = 0x10000, 0x30000
	for _, c := range []struct {
		burnt uint32 // bits
		first uint32 // secure_version in ota_0
		boots string
		after uint32
	}{
		{0, 0, "ota_0", 0}, {0b1, 0, "ota_1", 0b1}, {0b1, 1, "ota_0", 0b1}, {0b111, 2, "ota_1", 0b111}, {0b111, 3, "ota_0", 0b111},
		{0b1, 3, "ota_0", 0b111}, {0, 32, "ota_0", 0xFFFFFFFF}, {1, 33, "ota_0", 1},
	} {
		for _, idf := range []string{"v4.4.8", "v5.3.4"} {
			flash, err := flashmodel.New(1 << 20)
			require.NoError(t, err)
			require.NoError(t, flash.Place(0x1000, lot.Bootloader(lot.BootloaderSpec{IDF: idf, FlashSize: 1 << 20, AntiRollback: true})))
			require.NoError(t, flash.Place(0x8000, lot.Table("otadata,data,ota,0xd000,8K,\nota_0,app,ota_0,0x10000,128K,\nota_1,app,ota_1,0x30000,128K,\n")))
			require.NoError(t, flash.Place(0xD000, lot.OTAData(otadata.New(1, otadata.StateValid))))
			require.NoError(t, flash.Place(ota0, lot.App(lot.AppSpec{Version: "1", Secure: c.first})))
			require.NoError(t, flash.Place(ota1, lot.App(lot.AppSpec{Version: "2", Secure: 32})))
			fuses := lot.Chip(lot.ChipSpec{Revision: efuse.Revision{Major: 1}})
			require.NoError(t, fuses.Burn(3, []uint32{4: c.burnt}))
			d := &emu.Device{Flash: flash, Efuses: fuses, Cause: emu.ResetPowerOn}
			out := machine.New(machine.Options{}).Boot(d)
			require.NotNil(t, out.App, "%s %+v\n%s", idf, c, texts(machine.Course{Boots: []emu.Outcome{out}}))
			require.Equal(t, c.boots, out.App.Label, "%s %+v", idf, c)
			require.Equal(t, c.after, d.Efuses.Word(3, 4), "%s %+v", idf, c)
		}
	}
}
