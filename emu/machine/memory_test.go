package machine_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/bootloader"
	"github.com/bootsim/bootsim/emu/machine"
	"github.com/bootsim/bootsim/fixtures/lot"
	"github.com/bootsim/bootsim/flashmodel/otadata"
)

// A machine that remembers other boots does what one without a past does.
func TestPastBootsDoNotMatter(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		version := rapid.SampledFrom([]string{"v3.1", "v3.3.6", "v4.4.8", "v5.5.5"}).Draw(rt, "version")
		d := device(t, version)
		if rapid.Bool().Draw(rt, "debug") { // whose log depends on what was mapped last
			b := lot.Bootloader(lot.BootloaderSpec{IDF: version, FlashSize: 1 << 20, LogLevel: "debug"})
			require.NoError(rt, d.Flash.Place(0x1000, b))
		}
		if version == "v5.5.5" && rapid.Bool().Draw(rt, "encrypted") {
			d = encryptedDevice(t)
		}
		rollback := machine.Options{Rollback: bootloader.TriOf(rapid.Bool().Draw(rt, "rollback"))}
		old := machine.New(rollback)
		kept := []*emu.Device{d}
		rt.Repeat(map[string]func(*rapid.T){
			"boot": func(rt *rapid.T) {
				a, b := d.Fork(), d.Fork()
				require.Equal(rt, machine.New(rollback).Boot(b), old.Boot(a))
				require.Equal(rt, b.Flash.Sum(), a.Flash.Sum())
				require.True(rt, b.Efuses.Equal(a.Efuses))
				d = a
			},
			"bytes": func(rt *rapid.T) {
				at := rapid.SampledFrom([]uint32{0x1000, 0x1018, 0x1100, 0x8004, 0x8044, 0x80a0, 0xd000, 0xd018, 0xe000, 0x10000, 0x10017, 0x12345, 0x30000, 0x90000}).Draw(rt, "addr")
				require.NoError(rt, d.Flash.Place(at, []byte{rapid.SampledFrom([]byte{0, 1, 0xAA, 0xE9, 0xFF}).Draw(rt, "byte")}))
			},
			"table": func(rt *rapid.T) {
				csv := rapid.SampledFrom([]string{tableCSV, strings.Replace(tableCSV, "0x30000,128K", "0x30000,64K", 1),
					strings.Replace(tableCSV, "factory,0x10000,128K", "factory,0x20000,64K", 1),
					strings.Replace(tableCSV, "factory,app", "sixteen_bytes_ab,app", 1), strings.Replace(tableCSV, "ota_0,app", "renamed,app", 1),
					strings.Replace(tableCSV, "nvs,data,nvs,0x9000,16K,\n", "", 1)}).Draw(rt, "csv")
				require.NoError(rt, d.Flash.Place(0x8000, lot.Table(csv)))
			},
			"otadata": func(rt *rapid.T) {
				seq, state := rapid.Uint32Range(1, 5).Draw(rt, "seq"), rapid.SampledFrom([]otadata.State{otadata.StateNew, otadata.StateValid, otadata.StateUndefined}).Draw(rt, "state")
				require.NoError(rt, d.Flash.Place(0xd000, lot.OTAData(otadata.New(seq, state), lot.Blank())))
			},
			"burn": func(rt *rapid.T) {
				words := make([]uint32, 7)
				words[rapid.IntRange(0, 6).Draw(rt, "word")] = 1 << rapid.IntRange(0, 31).Draw(rt, "bit")
				require.NoError(rt, d.Efuses.Burn(rapid.SampledFrom([]int{0, 0, 3}).Draw(rt, "block"), words))
			},
			"cause": func(rt *rapid.T) {
				d.Cause = rapid.SampledFrom([]emu.ResetReason{emu.ResetPowerOn, emu.ResetSoftware, emu.ResetDeepSleep, emu.ResetTG0WDT}).Draw(rt, "cause")
			},
			"keep": func(*rapid.T) { kept = append(kept, d.Fork()) },
			"back": func(rt *rapid.T) { d = rapid.SampledFrom(kept).Draw(rt, "kept").Fork() },
		})
	})
}
