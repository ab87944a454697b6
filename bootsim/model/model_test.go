package model_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/bootsim/check"
	"github.com/bootsim/bootsim/bootsim/model"
	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/efuse"
	"github.com/bootsim/bootsim/fixtures/lot"
	"github.com/bootsim/bootsim/flashmodel/crypt"
	"github.com/bootsim/bootsim/flashmodel/otadata"
	"github.com/bootsim/bootsim/flashmodel/parttable"
)

// set is a device of 8 MB with two slots, the second past the 2 MB that a
// bootloader without a readable header takes a chip for.
func set(boot *lot.BootloaderSpec) *lot.Set {
	s := &lot.Set{Name: "lot", FlashSize: 8 << 20, Revision: efuse.Revision{Major: 1}}
	s.Chip.Revision = s.Revision
	rows := []parttable.Entry{
		lot.Row("otadata", parttable.TypeData, parttable.SubtypeOTAData, 0xD000, 0x2000),
		lot.Row("ota_0", parttable.TypeApp, parttable.SubtypeOTA0, 0x10000, 0x10000),
		lot.Row("ota_1", parttable.TypeApp, parttable.SubtypeOTA0+1, 0x400000, 0x10000),
	}
	if boot != nil {
		boot.FlashSize = 8 << 20
		s.Add(&lot.Part{Name: "bootloader", File: "bootloader.bin", Address: 0x1000, Data: lot.Bootloader(*boot)})
	}
	s.Add(&lot.Part{Name: "table", File: "table.bin", Address: 0x8000, Data: lot.Rows(true, rows...)})
	s.Add(&lot.Part{Name: "otadata", File: "otadata.bin", Address: 0xD000, Data: lot.OTAData(otadata.New(2, otadata.StateUndefined))})
	s.Add(&lot.Part{Name: "ota_1", File: "app.bin", Address: 0x400000, Data: lot.App(lot.AppSpec{Version: "1.0"})})
	return s
}

func run(l bootsim.Lot) bootsim.LotReport {
	return check.Run([]bootsim.Lot{l}, nil, check.Options{Engine: model.Engine{}}).Lots[0]
}

func console(r bootsim.LotReport) string { return strings.Join(r.Scenarios[0].Log, "\n") }

// TestFieldedBootloader boots a lot whose bootloader is only known by version.
func TestFieldedBootloader(t *testing.T) {
	k := crypt.KeyFromBlock([32]byte{1, 2, 3})
	for _, sealed := range []bool{false, true} {
		s := set(nil)
		if sealed {
			s.Key, s.Chip = &k, lot.Encrypting(s.Revision, k)
			s.EncryptAll(k)
		}
		s.Options = bootsim.BootloaderOptions{IDF: "v3.1", Fielded: true}
		r := run(s.Lot())
		require.Equal(t, bootsim.Pass, r.Verdict, console(r))
		require.Empty(t, r.Findings)
		require.Contains(t, console(r), "ESP-IDF v3.1 2nd stage bootloader")
		require.Contains(t, console(r), "SPI Flash Size : 8MB")
		require.NotContains(t, console(r), "rst:", "the ROM is left out")
		require.Contains(t, strings.Join(r.Assumed, "\n"), "bootloader of ESP-IDF v3.1 with default options")
	}
}

// TestStatedVersionCounts models another version than the image shows, with the
// image's options.
func TestStatedVersionCounts(t *testing.T) {
	s := set(&lot.BootloaderSpec{IDF: "v4.4.8", LogLevel: "debug"})
	s.Options.IDF = "v3.1"
	log := console(run(s.Lot()))
	require.Contains(t, log, "segment 0: paddr=0x00400020 vaddr=0x3f400020", "as v3.1 words it")
	require.Contains(t, log, "D (*) boot: OTA data offset", "the image's log level")
	s.Options.LogLevel = "error"
	require.NotContains(t, console(run(s.Lot())), "2nd stage bootloader", "the stated log level")
}

// TestWrongStatementsAreTold refuses options that nobody can model.
func TestWrongStatementsAreTold(t *testing.T) {
	for _, o := range []bootsim.BootloaderOptions{{IDF: "latest"}, {LogLevel: "chatty"}} {
		s := set(&lot.BootloaderSpec{IDF: "v4.4.8"})
		s.Options = o
		r := run(s.Lot())
		require.Equal(t, bootsim.NotModelled, r.Verdict)
		require.Equal(t, "unverifiable", r.Findings[0].Rule)
		require.Contains(t, r.Findings[0].Message, "lot lot: ")
	}
}

// TestBothStagesSpeak shows the ROM's lines before the bootloader's.
func TestBothStagesSpeak(t *testing.T) {
	r := run(set(&lot.BootloaderSpec{IDF: "v4.4.8"}).Lot())
	require.Equal(t, bootsim.Pass, r.Verdict)
	log := console(r)
	rom, boot := strings.Index(log, "ets Jun  8 2016"), strings.Index(log, "2nd stage bootloader")
	require.True(t, rom >= 0 && boot > rom, log)
}

// TestRollbackIsOpenOnlyWhereItMatters counts variants by version and entry.
func TestRollbackIsOpenOnlyWhereItMatters(t *testing.T) {
	variants := func(idf string, e otadata.Entry, updates bool) int {
		s := set(&lot.BootloaderSpec{IDF: idf})
		s.Part("otadata").Data = lot.OTAData(e)
		l := s.Lot()
		f, err := check.Build(&l)
		require.NoError(t, err)
		v, _, err := model.Engine{}.Variants(&l, f.Device, updates)
		require.NoError(t, err)
		return len(v)
	}
	valid, fresh := otadata.New(2, otadata.StateValid), otadata.New(2, otadata.StateNew)
	require.Equal(t, 1, variants("v4.4.8", valid, false))
	require.Equal(t, 2, variants("v4.4.8", fresh, false))
	require.Equal(t, 2, variants("v4.4.8", valid, true))
	require.Equal(t, 1, variants("v3.2.5", fresh, true), "v3.2 has no such option")
	require.Equal(t, 1, variants("v4.4.8", otadata.Entry{Seq: 2}, false), "an entry with a wrong CRC says nothing")

	for idf, want := range map[string]int{"v3.1": 1, "v4.4.8": 2} {
		s := set(nil)
		s.Options = bootsim.BootloaderOptions{IDF: idf, Fielded: true}
		l := s.Lot()
		f, err := check.Build(&l)
		require.NoError(t, err)
		v, _, err := model.Engine{}.Variants(&l, f.Device, true)
		require.NoError(t, err)
		require.Len(t, v, want, "%s without an image", idf)
	}
}

// TestCacheDisabled cannot read flash: nothing is started, nothing is printed.
func TestCacheDisabled(t *testing.T) {
	s := set(&lot.BootloaderSpec{IDF: "v4.4.8"})
	s.Chip.Fields = map[string]uint64{"DIS_CACHE": 1}
	l := s.Lot()
	f, err := check.Build(&l)
	require.NoError(t, err)
	v, _, err := model.Engine{}.Variants(&l, f.Device, false)
	require.NoError(t, err)
	require.Equal(t, emu.EndROM, v[0].Booter.Boot(f.Device.Fork()).End)
}
