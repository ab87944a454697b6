package machine_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/efuse"
	"github.com/bootsim/bootsim/emu/machine"
	"github.com/bootsim/bootsim/fixtures/lot"
	"github.com/bootsim/bootsim/flashmodel"
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

// A table is found where none lies at 0x8000, even one of a single row that no
// digest follows.
func TestTableOfOneRowIsFound(t *testing.T) {
	d := encryptingDevice(t, lot.BootloaderSpec{IDF: "v4.4.8"}, 0xC000)
	p, err := machine.New(machine.Options{}).Profile(d)
	require.NoError(t, err)
	require.Equal(t, uint32(0xC000), p.TableOffset)
	blank := make([]byte, 0xC00-32)
	for i := range blank {
		blank[i] = 0xFF
	}
	require.NoError(t, d.Flash.Place(0xC020, blank))
	p, err = machine.New(machine.Options{}).Profile(d)
	require.NoError(t, err)
	require.Equal(t, uint32(0xC000), p.TableOffset)
}
