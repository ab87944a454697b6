package diagnose

import (
	"slices"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/flashmodel/espimage"
	"github.com/bootsim/bootsim/flashmodel/parttable"
)

// Latent warns of what boots today and hurts tomorrow. It leaves out what
// explained, the findings of the same boot, have said already.
func Latent(c *Context, explained []bootsim.Finding) []bootsim.Finding {
	all := append(latentEfuses(c), latentBootloader(c)...)
	if t, ok := IntendedTable(c); ok && c.Outcome.App != nil {
		all = append(all, latentTable(c, t)...)
		all = append(all, latentOTAData(c, t)...)
		all = append(all, latentApps(c, t)...)
		all = append(all, latentVersions(c)...)
	}
	all = append(all, firstBoot(c)...)
	return slices.DeleteFunc(all, func(f bootsim.Finding) bool {
		covers := func(g bootsim.Finding) bool { return slices.Contains(implied(g.Rule), f.Rule) }
		said := func(g bootsim.Finding) bool { return g.Rule == f.Rule || covers(g) }
		return slices.ContainsFunc(explained, said) || slices.ContainsFunc(all, covers)
	})
}

// implied lists the rules that go without saying once a rule was reported.
func implied(rule string) []string {
	switch rule {
	case "bootloader-refused-options":
		return []string{"cpu-rated-160"}
	case "table-beyond-header-size":
		return []string{"flash-size-under-chip"}
	case "row-too-large":
		return []string{"flash-size-over-chip", "chip-too-small"}
	case "chip-too-small":
		return []string{"flash-size-over-chip"}
	case "key-cannot-be-hidden":
		return []string{"key-readable"}
	}
	return nil
}

// writeBitRDDis is the bit of WR_DIS that locks the read protection (spec 4.1).
const writeBitRDDis = 0

// latentEfuses warns of eFuse states.
func latentEfuses(c *Context) []bootsim.Finding {
	s := c.Device.Efuses
	var out []bootsim.Finding
	add := func(bad bool, rule, format string, args ...any) {
		if bad {
			out = append(out, c.find(rule, format, args...).done())
		}
	}
	hidden := s.KeyReadProtected(1)
	on := s.FlashEncryption()
	blank := s.HardwareFlashKey().IsZero()
	add(on && !hidden && !blank && c.Lot.Efuses != nil, "key-readable", "BLOCK1 holds the flash encryption key and RD_DIS does not protect it")
	add(s.WriteProtected(writeBitRDDis) && !hidden && !blank, "key-cannot-be-hidden", "WR_DIS bit 0 is set and BLOCK1 is not read-protected: the key can never be hidden")
	add(on && s.CryptConfig() != 0xF, "crypt-config-incomplete", "FLASH_CRYPT_CONFIG is 0x%X", uint8(s.CryptConfig()))
	add(s.FlashCryptCnt8()&0x80 != 0 && s.FlashCryptCnt() != 0, "cnt-bit-27", "bit 27 of BLOCK0 is set beside FLASH_CRYPT_CNT=0x%02x", s.FlashCryptCnt())
	add(s.AbsDone1() && c.Device.ROM == emu.ROM2016, "abs-done-1-ignored", "ABS_DONE_1 is burnt on a chip with the 2016 ROM")
	add(s.CPULimit160(), "cpu-rated-160", "the eFuses rate this chip for 160 MHz")
	add(!s.RevisionConsistent(c.Device.APBRevision), "revision-bits-inconsistent", "the revision bits are an impossible combination and count as v0")
	add(on && s.CheckCoding(1) != nil, "coding-scheme-broken", "BLOCK1 does not satisfy coding scheme %s", s.CodingScheme())
	if s.AppCPUDisable() {
		out = append(out, c.find("cache-or-cpu-disabled", "DISABLE_APP_CPU is burnt: only builds for one core run").severity(bootsim.Warning).done())
	}
	return out
}

// latentBootloader compares the bootloader's header with the chip.
func latentBootloader(c *Context) []bootsim.Finding {
	if rd, ok := c.read(bootloaderRegion(c)); !ok || !rd.asDevice(c.Device, bootloaderAddress) {
		return nil
	}
	h, _ := espimage.DecodeHeader(headAt(c.Device.Cached(), bootloaderAddress))
	var out []bootsim.Finding
	size, known := h.FlashSize()
	chip := c.Device.Flash.Size()
	if known && c.Lot.FlashSizeGiven && size > chip {
		out = append(out, c.find("flash-size-over-chip", "the bootloader's header says 0x%x bytes of flash, and the chip has 0x%x", size, chip).at(bootloaderAddress).done())
	}
	if known && c.Lot.FlashSizeGiven && size < chip {
		out = append(out, c.find("flash-size-under-chip", "the bootloader's header says 0x%x bytes of flash, and the chip has 0x%x", size, chip).at(bootloaderAddress).done())
	}
	if h.SPIMode < 2 || h.Speed() == 0xF {
		out = append(out, c.find("flash-mode-risk", "the bootloader's header asks for %s at %s", h.ModeText(), h.SpeedText()).at(bootloaderAddress).done())
	}
	return append(out, bootloaderRoom(c)...)
}

// bootloaderRoom warns of a bootloader that reaches into the table although it
// boots today: its tail is only a hash that nobody checks.
func bootloaderRoom(c *Context) []bootsim.Finding {
	if c.Outcome.App == nil {
		return nil
	}
	r := bootloaderRegion(c)
	n, ok := imageLength(c, r)
	if !ok || n <= r.size {
		return nil
	}
	return []bootsim.Finding{tooLarge(c, r, n).severity(bootsim.Warning).done()}
}

// latentTable warns of the table's layout.
func latentTable(c *Context, t *parttable.Table) []bootsim.Finding {
	var out []bootsim.Finding
	at := c.TableOffset
	if !t.MD5 && wantsMD5(c) {
		out = append(out, c.find("table-no-md5", "the partition table at 0x%08x has no MD5 row", at).at(at).done())
	}
	if end, label := furthest(t); end > uint64(c.Device.Flash.Size()) {
		out = append(out, c.find("chip-too-small", "partition %s ends at 0x%08x, and the flash chip has 0x%x bytes", label, end, c.Device.Flash.Size()).
			at(at).partition(label).done())
	}
	for _, o := range t.Overlaps() {
		out = append(out, c.find("rows-overlap", "partitions %s and %s overlap", o.A.Name(), o.B.Name()).at(o.B.Offset).partition(o.B.Name()).done())
	}
	if t.ConsecutiveOTA() != t.OTARows() {
		out = append(out, c.find("slot-unreachable", "the table has %d OTA rows, and only ota_0 to ota_%d follow each other: bootloader and app disagree on the number of slots",
			t.OTARows(), t.ConsecutiveOTA()-1).at(at).done())
	}
	if _, ok := t.OTAData(); !ok && t.OTARows() > 0 {
		out = append(out, c.find("otadata-row-missing", "the table has %d OTA slots and no otadata partition", t.OTARows()).at(at).done())
	}
	return append(out, forcedRows(c, t)...)
}

// forcedRows warns of rows that the app decrypts and that hold plaintext.
func forcedRows(c *Context, t *parttable.Table) []bootsim.Finding {
	if !c.Device.Efuses.FlashEncryption() {
		return nil
	}
	var out []bootsim.Finding
	for _, e := range t.Entries {
		forced := e.Is(parttable.TypeData, parttable.SubtypeNVSKeys) || e.Type == parttable.TypeData && e.Flags&parttable.FlagEncrypted != 0
		if !forced || e.Size == 0 || c.Device.Flash.Erased(e.Offset, min(e.Size, 4096)) || noisy(c.Device.Flash, region{addr: e.Offset, size: e.Size}) {
			continue
		}
		out = append(out, c.find("forced-encrypted-row", "partition %s is read through flash encryption and holds plaintext", e.Name()).
			at(e.Offset).partition(e.Name()).bytes(e.Offset).done())
	}
	return out
}

// latentApps warns of the other slots: an app that would not boot if it were chosen.
func latentApps(c *Context, t *parttable.Table) []bootsim.Finding {
	var out []bootsim.Finding
	for _, e := range t.Apps() {
		if e.Size == 0 || e.End() > uint64(c.Device.Flash.Size()) || c.Device.Flash.Erased(e.Offset, unit) {
			continue
		}
		r := appRegion(e)
		booted := c.Outcome.App != nil && c.Outcome.App.Offset == e.Offset
		if f := misread(c, r); f != nil && !booted && e.Offset != c.Want.Offset {
			f.Severity = bootsim.Warning
			out = append(out, *f)
			continue
		}
		out = append(out, oldBootloader(c, r)...)
	}
	return out
}

// oldBootloader warns of an app whose revision field the bootloader does not read.
func oldBootloader(c *Context, r region) []bootsim.Finding {
	h, err := espimage.DecodeHeader(headAt(c.Device.Cached(), r.addr))
	if err != nil || h.Magic != espimage.Magic || h.MinRev != 0 || h.MinRevFull == 0 || h.MinRevFull == 0xFFFF {
		return nil
	}
	rev := c.Device.Efuses.Revision(c.Device.APBRevision)
	if h.MinRevFull <= rev.Full() || c.Outcome.App == nil || c.Outcome.App.Offset != r.addr {
		return nil
	}
	return []bootsim.Finding{c.find("bootloader-too-old-for-revision", "the app in %s asks for chip v%d.%d, the chip is %s, and the bootloader (%s) starts it all the same",
		r.label, h.MinRevFull/100, h.MinRevFull%100, rev, orUnknown(c.IDF)).at(r.addr).partition(r.label).done()}
}
