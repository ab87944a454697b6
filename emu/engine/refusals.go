package engine

import (
	"strconv"
	"strings"

	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/pattern"
)

// reasons are the console lines that turn something down, by a part of their
// text that all versions share (ESP-IDF v3.0 to v6.1, components
// bootloader_support and bootloader; see emu/bootloader for the wordings).
var reasons = []struct {
	text   string
	reason emu.Reason
}{
	{"has invalid magic byte", emu.ReasonAppMagic},
	{"mismatch chip ID", emu.ReasonAppChipID},
	{"lower chip revision", emu.ReasonAppMinRevision}, {"requires chip rev >=", emu.ReasonAppMinRevision},
	{"requires chip rev <=", emu.ReasonAppMaxRevision},
	{"segment count", emu.ReasonAppSegmentCount},
	{"invalid segment length", emu.ReasonAppSegmentLength},
	{"doesn't match data", emu.ReasonAppSegmentAlign},
	{"bad load address range", emu.ReasonAppSegmentRange},
	{"overlaps bootloader", emu.ReasonAppSegmentOverlap}, {"too high (bootloader stack", emu.ReasonAppSegmentOverlap},
	{"bootloader_mmap excess size", emu.ReasonAppMap},
	{"image offset has wrapped", emu.ReasonAppWrapped},
	{"Checksum failed", emu.ReasonAppChecksum},
	{"doesn't fit in partition length", emu.ReasonAppLength},
	{"Image hash failed", emu.ReasonAppHash},
	{"signature verification failed", emu.ReasonAppSignature},
	{"Failed to get partition description", emu.ReasonAppDescription},
	{"larger than 16MB", emu.ReasonPartitionTooLarge},
	{"secure_version", emu.ReasonAppSecureVersion},
	{"failed to load bootloader", emu.ReasonBootHeader},
	{"Failed to verify partition table", emu.ReasonTable},
	{"invalid magic number", emu.ReasonTableMagic},
	{"Incorrect MD5 checksum", emu.ReasonTableMD5},
	{"Only one MD5 checksum", emu.ReasonTableTwoMD5},
	{"exceeds flash chip size", emu.ReasonTableSize},
	{"no terminating entry", emu.ReasonTableNoEnd},
	{"ota_info partition size", emu.ReasonOTADataSize},
	{"No bootable app partitions", emu.ReasonNoApps}, {"No bootable test partition", emu.ReasonNoApps},
	{"Test firmware is not found", emu.ReasonNoTestApp},
	{"Flash encryption check failed", emu.ReasonFlashEncryption}, {"flash encryption is not enabled", emu.ReasonFlashEncryption},
	{"Chip CPU freq", emu.ReasonCPUFrequency},
}

// refusals reads from the console what was turned down. A line that gives up a
// slot tells whose the refusals before it were.
func refusals(log []emu.Line) []emu.Refusal {
	var out []emu.Refusal
	open := 0 // refusals before it have their slot
	for _, l := range log {
		if slot, ok := givenUp(l.Text); ok && l.Stage == emu.StageBootloader {
			for i := open; i < len(out); i++ {
				out[i].Slot = slot
			}
			open = len(out)
			continue
		}
		if r, ok := reasonOf(l); ok {
			out = append(out, emu.Refusal{Reason: r, Slot: emu.SlotNone, Detail: l.Text, Offset: addressIn(l.Text)})
			if !aboutApp(r) {
				open = len(out)
			}
		}
	}
	return out
}

func reasonOf(l emu.Line) (emu.Reason, bool) {
	if l.Stage != emu.StageBootloader || l.Level != 'E' {
		return 0, false
	}
	for _, r := range reasons {
		if strings.Contains(l.Text, r.text) {
			return r.reason, true
		}
	}
	return 0, false
}

func aboutApp(r emu.Reason) bool { return r >= emu.ReasonAppMagic && r <= emu.ReasonPartitionTooLarge }

var (
	slotLine   = pattern.Of(`^OTA app partition slot (\d+)`)
	imageAt    = pattern.Of(`image at 0x([0-9a-f]+)`)
	wrongOTA   = "ota data partition invalid"
	factoryBad = "Factory app partition"
)

// givenUp tells which slot a line gives up.
func givenUp(text string) (slot int, ok bool) {
	if strings.HasPrefix(text, factoryBad) {
		return emu.SlotFactory, true
	}
	f := slotLine.FindStringSubmatch(text)
	if f == nil {
		return 0, false
	}
	n, err := strconv.Atoi(f[1])
	return n, err == nil
}

func addressIn(text string) uint32 {
	f := imageAt.FindStringSubmatch(text)
	if f == nil {
		return 0
	}
	v, _ := strconv.ParseUint(f[1], 16, 32)
	return uint32(v)
}

// selection is what the console tells of the choice: the slot that was tried
// first, by its refusal or by its start.
func selection(out *emu.Outcome) emu.Selection {
	s := emu.Selection{}
	for _, l := range out.Log {
		s.Invalid = s.Invalid || strings.HasPrefix(l.Text, wrongOTA)
	}
	for _, r := range out.Refusals {
		if aboutApp(r.Reason) && r.Slot != emu.SlotNone {
			s.Made, s.Slot = true, r.Slot
			return s
		}
	}
	if out.App != nil {
		s.Made, s.Slot = true, out.App.Slot
	}
	return s
}
