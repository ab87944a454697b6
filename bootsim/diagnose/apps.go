package diagnose

import (
	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/flashmodel/espimage"
	"github.com/bootsim/bootsim/flashmodel/parttable"
)

// apps explains why the wanted slot was refused, or why every slot was.
func apps(c *Context) []bootsim.Finding {
	t, ok := IntendedTable(c)
	if !ok {
		return nil
	}
	if f := endedInside(c, t); f != nil {
		return []bootsim.Finding{*f}
	}
	if row, ok := slotOf(t, c.Want.Slot); ok && c.Want.Slot != emu.SlotNone {
		return wantedSlot(c, row)
	}
	return everySlot(c, t)
}

// wantedSlot explains the slot that should have booted.
func wantedSlot(c *Context, row parttable.Entry) []bootsim.Finding {
	refused := c.refused(c.Want.Slot)
	if refused == nil && c.Outcome.App == nil && c.refusal(emu.ReasonNoApps) != nil {
		return []bootsim.Finding{hidden(c, row)}
	}
	if refused == nil {
		return otherVersion(c)
	}
	f := explainApp(c, row, refused)
	if c.Outcome.App != nil && c.Artifact == nil && f.Rule == "app-missing" {
		f = c.find("otadata-selects-unbootable", "otadata names %s, which is empty; %s boots instead, at every boot", row.Name(), c.Outcome.App.Label).
			at(row.Offset).partition(row.Name()).console().done()
	}
	return []bootsim.Finding{f}
}

// hidden explains an app's row that the bootloader does not come to: it counts
// rows without the MD5 row, which may therefore only be the last (spec 2.4).
func hidden(c *Context, row parttable.Entry) bootsim.Finding {
	return c.find("table-corrupt", "the bootloader does not come to the row of partition %s: the MD5 row of the table is not its last", row.Name()).
		at(c.TableOffset).partition(row.Name()).console().done()
}

// otherVersion explains a slot that booted with another app than the expected one.
func otherVersion(c *Context) []bootsim.Finding {
	if c.Outcome.App == nil || c.Outcome.App.Label != c.Want.Label {
		return nil
	}
	return []bootsim.Finding{c.find("boots-other-slot", "%s boots, and its app does not report version %q", c.Want.Label, c.Want.Version).
		at(c.Outcome.App.Offset).partition(c.Want.Label).done()}
}

// everySlot explains all slots that hold anything, or that none does.
func everySlot(c *Context, t *parttable.Table) []bootsim.Finding {
	var out []bootsim.Finding
	for _, e := range t.Apps() {
		refused := c.refused(slotNumber(e))
		if refused == nil || c.Device.Flash.Erased(e.Offset, unit) {
			continue
		}
		out = append(out, explainApp(c, e, refused))
	}
	if len(out) == 0 && c.Outcome.App == nil && c.refusal(emu.ReasonNoApps) != nil {
		return noApp(c, t)
	}
	return out
}

func noApp(c *Context, t *parttable.Table) []bootsim.Finding {
	if len(t.Apps()) == 0 {
		return []bootsim.Finding{c.find("no-app-partition", "the table at 0x%08x has no app partition", c.TableOffset).at(c.TableOffset).console().done()}
	}
	return []bootsim.Finding{missing(c, appRegion(t.Apps()[0]))}
}

// explainApp explains one refused slot: first how its bytes are read, then what
// they say.
func explainApp(c *Context, row parttable.Entry, refused *emu.Refusal) bootsim.Finding {
	if row.Size > 16<<20 {
		return c.find("row-too-large", "partition %s has 0x%x bytes", row.Name(), row.Size).at(row.Offset).partition(row.Name()).console().done()
	}
	if row.End() > uint64(c.Device.Flash.Size()) {
		return c.find("chip-too-small", "partition %s ends at 0x%08x, and the flash chip has 0x%x bytes: what lies past the end wraps", row.Name(), row.End(), c.Device.Flash.Size()).
			at(row.Offset).partition(row.Name()).console().done()
	}
	r := appRegion(row)
	if f := misread(c, r); f != nil {
		return *f
	}
	if refused.Reason == emu.ReasonFlashEncryption {
		return *encryptionRefused(c, refused)
	}
	if refused.Reason == emu.ReasonSecureBoot {
		return enablingRefused(c, row.Name(), refused)
	}
	b := appReason(c, r, refused)
	return b.at(row.Offset).partition(row.Name()).bytes(row.Offset).console().done()
}

// appReason maps what the bootloader said of a rightly read app to its rule.
func appReason(c *Context, r region, refused *emu.Refusal) *builder {
	slot := r.label
	switch refused.Reason {
	case emu.ReasonAppChipID:
		return c.find("app-wrong-chip", "the app in %s is for chip id %d (%s), not for the ESP32", slot, refused.Got, chipName(uint16(refused.Got)))
	case emu.ReasonAppMinRevision:
		return c.find("app-min-revision", "the app in %s asks for a newer chip: %s", slot, refused.Detail)
	case emu.ReasonAppMaxRevision:
		return c.find("app-max-revision", "the app in %s refuses chips as new as this: %s", slot, refused.Detail)
	case emu.ReasonAppSegmentCount:
		return c.find("app-segment-count", "the app in %s has %d segments; bootloaders take 16", slot, refused.Got)
	case emu.ReasonAppSegmentAlign:
		return misaligned(c, r, refused)
	case emu.ReasonAppSegmentRange:
		return c.find("app-bad-load-address", "the app in %s: %s", slot, refused.Detail)
	case emu.ReasonAppSegmentOverlap:
		return c.find("app-overlaps-bootloader", "the app in %s: %s", slot, refused.Detail)
	case emu.ReasonAppSecureVersion:
		return c.find("app-secure-version", "the app in %s has secure_version %d, and %d bits are burnt", slot, refused.Got, refused.Want)
	case emu.ReasonAppDescription:
		return c.find("app-without-descriptor", "the app in %s has no descriptor with a secure_version", slot)
	case emu.ReasonAppSignature:
		return badAppSignature(c, r, refused)
	}
	return changedApp(c, r, refused)
}

func misaligned(c *Context, r region, refused *emu.Refusal) *builder {
	if r.addr%espimage.MMUPageSize != 0 {
		return c.find("row-unaligned", "app partition %s starts at 0x%08x, which is no multiple of 0x10000", r.label, r.addr)
	}
	return c.find("app-misaligned", "the app in %s: %s", r.label, refused.Detail)
}

// changedApp explains an image whose content does not match its own checks.
func changedApp(c *Context, r region, refused *emu.Refusal) *builder {
	if length, ok := imageLength(c, r); ok && length > r.size {
		return c.find("app-too-large", "the app has 0x%x bytes, and partition %s has 0x%x", length, r.label, r.size)
	}
	if b := damaged(c, r); b != nil {
		return b
	}
	if mode, ok := patchedHeader(c, r); ok {
		return c.find("app-header-patched", "bytes 2 and 3 of the app in %s were changed after it was built: the SHA-256 fits with 0x%02x 0x%02x", r.label, mode[0], mode[1])
	}
	if hole, ok := erasedHole(c, r); ok {
		return c.find("partly-written", "the app in %s is erased flash from 0x%08x on", r.label, hole)
	}
	return c.find("app-corrupt", "the app in %s was changed after it was built: %s", r.label, refused.Detail)
}
