package diagnose

import (
	"slices"

	"github.com/bootsim/bootsim/bootsim"
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
	all = append(all, afterEnabling(c)...)
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
		if !booted {
			out = append(out, latentSignature(c, r)...)
		}
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
