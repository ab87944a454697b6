package engine

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/emu"
)

func TestLines(t *testing.T) {
	boot := emu.StageBootloader
	require.Equal(t, []emu.Line{
		{Stage: boot, Level: 'I', Tag: "boot", Text: "ESP-IDF v5.2.2 2nd stage bootloader"},
		{Stage: boot, Level: 'E', Tag: "esp_image", Text: "a: b"},
		{Stage: boot, Text: "user text \x01"}, {Stage: boot, Text: "abort() was called at PC 0x*"},
	}, Lines("\x1b[0;32mI (31) boot: ESP-IDF v5.2.2 2nd stage bootloader\x1b[0m\nE (5) esp_image: a: b\n\nuser text \x01\nabort() was called at PC 0x4007a1b2\n"))
	require.Empty(t, Lines(""))
	require.Equal(t, "plain", Plain("\x1b[31mpl\x07ain\x1b[0m"))
}

// A line that gives a slot up says whose the refusals before it were.
func TestRefusalsHaveTheirSlots(t *testing.T) {
	log := Lines("E (1) flash_parts: partition 3 invalid magic number 0x1\n" +
		"E (2) esp_image: image at 0x30000 has invalid magic byte\nE (3) boot: OTA app partition slot 0 is not bootable\n" +
		"E (4) esp_image: Checksum failed. Calculated 0x1 read 0x2\nE (5) boot: Factory app partition is not bootable\n" +
		"E (6) boot: No bootable app partitions in the partition table\n")
	out := emu.Outcome{Refusals: refusals(log)}
	var got [][2]int
	for _, r := range out.Refusals {
		got = append(got, [2]int{int(r.Reason), r.Slot})
	}
	require.Equal(t, [][2]int{
		{int(emu.ReasonTableMagic), emu.SlotNone}, {int(emu.ReasonAppMagic), 0},
		{int(emu.ReasonAppChecksum), emu.SlotFactory}, {int(emu.ReasonNoApps), emu.SlotNone},
	}, got)
	require.EqualValues(t, 0x30000, out.Refusals[1].Offset)
	require.Equal(t, emu.Selection{Made: true, Slot: 0}, selection(&out))
}

// The buffer that a refused read was for is the compiler's business; its address
// and size are not.
func TestBuffersOfRefusedReadsAreMasked(t *testing.T) {
	const said = "E (12) bootloader_flash: bootloader_flash_read src_addr 0x9, size 0x18 or dest 0x3ffe3cb4 not 4-byte aligned"
	require.Equal(t, "bootloader_flash_read src_addr 0x9, size 0x18 or dest 0x* not 4-byte aligned", Lines(said)[0].Text)
	require.Equal(t, "bootloader_flash_read src_addr 0x9 not 4-byte aligned", Lines("E (12) bootloader_flash: bootloader_flash_read src_addr 0x9 not 4-byte aligned")[0].Text)
}
