package machine_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/bootloader"
	"github.com/bootsim/bootsim/emu/efuse"
	"github.com/bootsim/bootsim/emu/machine"
	"github.com/bootsim/bootsim/fixtures/lot"
	"github.com/bootsim/bootsim/flashmodel"
	"github.com/bootsim/bootsim/flashmodel/espimage"
	"github.com/bootsim/bootsim/flashmodel/otadata"
	"github.com/bootsim/bootsim/flashmodel/parttable"
)

// equipped is a device in plaintext with a factory app.
func equipped(tb testing.TB, boot lot.BootloaderSpec, table string, app lot.AppSpec) *emu.Device {
	tb.Helper()
	boot.FlashSize = 1 << 20
	flash, err := flashmodel.New(boot.FlashSize)
	require.NoError(tb, err)
	require.NoError(tb, flash.Place(0x1000, lot.Bootloader(boot)))
	require.NoError(tb, flash.Place(0x8000, lot.Table(table)))
	require.NoError(tb, flash.Place(0x10000, lot.App(app)))
	return &emu.Device{Flash: flash, Efuses: lot.Chip(lot.ChipSpec{Revision: efuse.Revision{Major: 1}}), Cause: emu.ResetPowerOn}
}

const factoryOnly = "factory,app,factory,0x10000,128K,\n"

// Release mode closes FLASH_CRYPT_CNT in one of two ways: by its protection, or
// by setting all bits, and then not by its protection too (spec 4.3).
func TestPermanentEncryptionClosesTheCount(t *testing.T) {
	const protectCount = 2 // bit of WR_DIS
	for idf, full := range map[string]bool{"v3.3.2": false, "v3.3.6": true, "v4.4.8": true} {
		d := encryptingDevice(t, lot.BootloaderSpec{IDF: idf, Release: true}, 0x8000)
		require.Equal(t, emu.EndReset, machine.New(machine.Options{}).Boot(d).End)
		require.Equal(t, full, d.Efuses.FlashCryptCnt() == 0x7F, idf)
		require.Equal(t, !full, d.Efuses.WriteProtected(protectCount), idf)
	}
}

// RTC fast memory keeps what it holds over deep sleep; before v3.2 only its
// addresses as code were known for it (spec 3.3).
func TestRTCMemoryIsNotLoadedOnWaking(t *testing.T) {
	loaded := func(idf string, addr uint32) bool {
		d := equipped(t, lot.BootloaderSpec{IDF: idf}, factoryOnly, lot.AppSpec{Version: "1", Segments: func(s []espimage.Data) []espimage.Data {
			return append(s, espimage.Data{LoadAddr: addr, Bytes: make([]byte, 64)})
		}})
		d.Cause = emu.ResetDeepSleep
		out := machine.New(machine.Options{}).Boot(d)
		require.NotNil(t, out.App, "%s\n%s", idf, texts(machine.Course{Boots: []emu.Outcome{out}}))
		line := ""
		for _, l := range out.Log {
			if strings.HasPrefix(l.Text, "segment 5:") {
				line = l.Text
			}
		}
		require.Contains(t, line, "segment 5:")
		return strings.Contains(line, "load")
	}
	for addr, before := range map[uint32]bool{0x3FF80000: true, 0x400C0000: false, 0x50000000: false} {
		require.Equal(t, before, loaded("v3.1.7", addr))
		require.False(t, loaded("v4.4.8", addr))
	}
}

// After a factory reset the slot is chosen anew: otadata may be erased (spec 2.6).
func TestFactoryResetChoosesAnew(t *testing.T) {
	d := equipped(t, lot.BootloaderSpec{IDF: "v4.4.8", FactoryReset: true},
		"otadata,data,ota,0xd000,8K,\nfactory,app,factory,0x10000,128K,\nota_0,app,ota_0,0x30000,128K,\n", lot.AppSpec{Version: "1"})
	require.NoError(t, d.Flash.Place(0xD000, lot.OTAData(otadata.New(1, otadata.StateValid))))
	require.NoError(t, d.Flash.Place(0x30000, lot.App(lot.AppSpec{Version: "2"})))
	m := machine.New(machine.Options{Adjust: func(p *bootloader.Profile) { p.FactoryReset.EraseOTAData = true }})
	require.Equal(t, "ota_0", m.Boot(d).App.Label)
	d.FactoryResetHeld = true
	require.Equal(t, "factory", m.Boot(d).App.Label)
}

// Versions that take secure_version from an image while they read it assert that
// it is there, even where they verify the image only to encrypt it.
func TestAppWithoutDescriptionFailsTheAssertion(t *testing.T) {
	for idf, end := range map[string]emu.End{"v4.4.5": emu.EndReset, "v5.3.4": emu.EndAbort} {
		d := equipped(t, lot.BootloaderSpec{IDF: idf, AntiRollback: true, FlashEncryption: true},
			factoryOnly+"ota_0,app,ota_0,0x30000,128K,\n", lot.AppSpec{Version: "1"})
		require.NoError(t, d.Flash.Place(0x30000, lot.App(lot.AppSpec{})))
		out := machine.New(machine.Options{}).Boot(d)
		require.Equal(t, end, out.End, "%s\n%s", idf, texts(machine.Course{Boots: []emu.Outcome{out}}))
	}
}

// Versions that do not count OTA rows divide by their number where otadata
// names one and the table has none.
func TestNumberWithoutRows(t *testing.T) {
	for idf, end := range map[string]emu.End{"v3.0.9": emu.EndException, "v3.2.5": emu.EndApp} {
		d := equipped(t, lot.BootloaderSpec{IDF: idf}, factoryOnly, lot.AppSpec{Version: "1"})
		require.NoError(t, d.Flash.Place(0x8000, lot.Rows(false, lot.Row("otadata", parttable.TypeData, parttable.SubtypeOTAData, 0xD000, otadata.Size),
			lot.Row("factory", parttable.TypeApp, parttable.SubtypeFactory, 0x10000, 0x20000))))
		require.NoError(t, d.Flash.Place(0xD000, lot.OTAData(otadata.New(1, otadata.StateValid))))
		out := machine.New(machine.Options{IDF: idf}).Boot(d)
		require.Equal(t, end, out.End, "%s\n%s", idf, texts(machine.Course{Boots: []emu.Outcome{out}}))
	}
}

// Where only the image of an app row is encrypted, other rows are encrypted
// whole all the same (spec 4.3).
func TestOnlyAppRowsAreEncryptedInPart(t *testing.T) {
	const rowAt, rowSize = 0x40000, 0x10000
	d := equipped(t, lot.BootloaderSpec{IDF: "v5.5.5", FlashEncryption: true}, factoryOnly, lot.AppSpec{Version: "1"})
	require.NoError(t, d.Flash.Place(0x8000, lot.Rows(true, lot.Row("factory", parttable.TypeApp, parttable.SubtypeFactory, 0x10000, 0x20000),
		lot.Row("second", 2, 1, rowAt, rowSize))))
	require.NoError(t, d.Flash.Place(rowAt, lot.Bootloader(lot.BootloaderSpec{IDF: "v5.5.5", FlashSize: 1 << 20})))
	m := machine.New(machine.Options{Adjust: func(p *bootloader.Profile) { p.FlashEncryption.ImageOnly = true }})
	out := m.Boot(d)
	require.Equal(t, emu.EndReset, out.End, texts(machine.Course{Boots: []emu.Outcome{out}}))
	require.True(t, d.Flash.Erased(0x10000+0x20000-16, 16))
	require.False(t, d.Flash.Erased(rowAt+rowSize-16, 16))
}

// One stray message does not make a build one of its level.
func TestStrayMessageIsNoLogLevel(t *testing.T) {
	for stray, want := range map[int]bootloader.LogLevel{0: bootloader.LogInfo, 1: bootloader.LogInfo, 2: bootloader.LogDebug} {
		d := equipped(t, lot.BootloaderSpec{IDF: "v4.4.8", Segments: func(s []espimage.Data) []espimage.Data {
			for i := range stray {
				s[0].Bytes = append(s[0].Bytes, fmt.Sprintf("\x1b[0;36mD (%%d) %%s: stray message %d\x1b[0m\n\x00", i)...)
			}
			s[0].Bytes = append(s[0].Bytes, make([]byte, -len(s[0].Bytes)&3)...)
			return s
		}}, factoryOnly, lot.AppSpec{Version: "1"})
		p, err := machine.New(machine.Options{}).Profile(d)
		require.NoError(t, err)
		require.Equal(t, want, p.LogLevel, "%d", stray)
	}
}
