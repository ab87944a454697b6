package diagnose

import (
	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/flashmodel"
	"github.com/bootsim/bootsim/flashmodel/parttable"
)

// Failure explains why a device did not boot what it should: one finding a
// root cause, at least one.
func Failure(c *Context) []bootsim.Finding {
	var found []bootsim.Finding
	for _, explain := range []func(*Context) []bootsim.Finding{device, startup, table, selection, apps} {
		if found = explain(c); len(found) > 0 {
			break
		}
	}
	if len(found) == 0 {
		return []bootsim.Finding{unexplained(c)}
	}
	return append(found, alsoWrong(c, found)...)
}

// device explains failures that lie in the chip alone.
func device(c *Context) []bootsim.Finding {
	s := c.Device.Efuses
	if s.CacheDisable() {
		return []bootsim.Finding{c.find("cache-or-cpu-disabled", "DIS_CACHE is burnt: the ROM cannot read flash through the cache").done()}
	}
	return nil
}

// startup explains a boot that ended before the second stage could choose.
func startup(c *Context) []bootsim.Finding {
	r := bootloaderRegion(c)
	refused := c.refusal(emu.ReasonROMMagic, emu.ReasonROMHeader, emu.ReasonROMChipID, emu.ReasonROMChecksum,
		emu.ReasonROMSecureBoot, emu.ReasonROMWildLoad, emu.ReasonBootHeader, emu.ReasonBootChipID, emu.ReasonBootRevision, emu.ReasonCPUFrequency)
	if refused == nil {
		return nil
	}
	if f := misread(c, r); f != nil {
		return []bootsim.Finding{*f}
	}
	if refused.Reason == emu.ReasonROMSecureBoot {
		return []bootsim.Finding{romRefused(c, c.Device)}
	}
	return []bootsim.Finding{badBootloader(c, r, refused)}
}

// table explains a boot that ended at the partition table.
func table(c *Context) []bootsim.Finding {
	refused := c.refusal(emu.ReasonTable, emu.ReasonTableMagic, emu.ReasonTableMD5, emu.ReasonTableTwoMD5,
		emu.ReasonTableSize, emu.ReasonTableNoEnd, emu.ReasonOTADataSize)
	r := region{kind: kindTable, addr: c.TableOffset, size: flashmodel.SectorSize}
	if refused == nil {
		switch {
		case c.refusal(emu.ReasonNoApps) == nil:
			return nil
		case c.Device.Flash.Erased(r.addr, flashmodel.SectorSize):
		case c.rowKind(r.addr, 0) == parttable.RowEnd: // erased as the device reads it
			return []bootsim.Finding{badTable(c, r, nil)}
		default:
			return nil
		}
	}
	if f := underBootloader(c); f != nil {
		return []bootsim.Finding{*f}
	}
	if f := misread(c, r); f != nil {
		return []bootsim.Finding{*f}
	}
	return []bootsim.Finding{badTable(c, r, refused)}
}

// refusal returns the first refusal with one of the reasons, or nil.
func (c *Context) refusal(reasons ...emu.Reason) *emu.Refusal {
	for i := range c.Outcome.Refusals {
		for _, want := range reasons {
			if c.Outcome.Refusals[i].Reason == want {
				return &c.Outcome.Refusals[i]
			}
		}
	}
	return nil
}

// refused returns the first refusal of a slot: what follows it in the same slot
// follows from it.
func (c *Context) refused(slot int) *emu.Refusal {
	for i := range c.Outcome.Refusals {
		if r := &c.Outcome.Refusals[i]; r.Slot == slot && slot != emu.SlotNone {
			return r
		}
	}
	return nil
}

// slotNumber is the slot that an app row is, SlotNone for rows that no
// bootloader starts.
func slotNumber(e parttable.Entry) int {
	switch {
	case e.Is(parttable.TypeApp, parttable.SubtypeFactory):
		return emu.SlotFactory
	case e.Is(parttable.TypeApp, parttable.SubtypeTest):
		return emu.SlotTest
	case e.IsOTA():
		return int(e.Subtype - parttable.SubtypeOTA0)
	}
	return emu.SlotNone
}

func unexplained(c *Context) bootsim.Finding {
	if b := c.Outcome.App; b != nil {
		return c.find("boots-other-slot", "boots %s at 0x%08x instead of %s", b.Label, b.Offset, c.Want.describe()).
			at(b.Offset).partition(b.Label).console().done()
	}
	return c.find("boot-fails", "the device does not start any application").console().done()
}

func (t Target) describe() string {
	s := t.Label
	if s == "" {
		s = "the expected application"
	}
	if t.Version != "" {
		s += " version " + t.Version
	}
	return s
}
