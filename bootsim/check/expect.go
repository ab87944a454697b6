package check

import (
	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/bootsim/diagnose"
	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/flashmodel"
	"github.com/bootsim/bootsim/flashmodel/otadata"
	"github.com/bootsim/bootsim/flashmodel/parttable"
)

// expected is what a boot should end in.
type expected struct {
	slot    int // emu.SlotNone: any application
	label   string
	offset  uint32
	version string
}

// met tells whether a boot ended where it should.
func (e expected) met(out emu.Outcome, boots *bootsim.Boots) bool {
	if out.End != emu.EndApp || boots == nil {
		return false
	}
	if e.slot != emu.SlotNone && e.label != boots.Label {
		return false
	}
	return e.version == "" || e.version == boots.Version
}

func (e expected) target() diagnose.Target {
	return diagnose.Target{Slot: e.slot, Label: e.label, Offset: e.offset, Version: e.version}
}

// expectation is what the lot says it boots; where it says nothing, what its
// content means: the slot that its otadata names once read as its author meant
// it, or else the first slot in boot order that anything was flashed to.
func expectation(c *diagnose.Context) expected {
	table, ok := diagnose.IntendedTable(c)
	want := c.Lot.Expect
	switch {
	case !ok && want != nil:
		return expected{slot: emu.SlotNone, version: want.Version}
	case !ok:
		return expected{slot: emu.SlotNone}
	case want == nil:
		return intended(table, c)
	}
	e, found := table.Find(want.Slot)
	if !found {
		return expected{slot: emu.SlotNone, version: want.Version}
	}
	x := inSlot(e)
	x.version = want.Version
	return x
}

func inSlot(e parttable.Entry) expected {
	return expected{slot: slotNumber(e), label: e.Name(), offset: e.Offset}
}

func intended(table *parttable.Table, c *diagnose.Context) expected {
	k := namedSlot(table, c)
	if slots := table.OTASlots(); k >= 0 && k < len(slots) && slots[k].Size > 0 {
		return inSlot(slots[k])
	}
	order := bootOrder(table, k)
	for _, e := range order {
		if e.Size > 0 && !c.Device.Flash.Erased(e.Offset, flashmodel.SectorSize) {
			return inSlot(e)
		}
	}
	if len(order) > 0 {
		return inSlot(order[0])
	}
	return expected{slot: emu.SlotNone}
}

// namedSlot returns the OTA index that otadata means, or SlotFactory when it
// names none.
func namedSlot(table *parttable.Table, c *diagnose.Context) int {
	data, ok := table.OTAData()
	n := uint32(table.OTARows())
	if !ok || n == 0 {
		return emu.SlotFactory
	}
	pair := diagnose.IntendedOTAData(c, data)
	if active := pair.Active(otadata.EraState); active >= 0 {
		return int(otadata.Slot(pair[active].Seq, n))
	}
	return emu.SlotFactory
}

// bootOrder lists the application partitions in the order in which a bootloader
// that starts at slot k tries them (spec 2.6).
func bootOrder(table *parttable.Table, k int) []parttable.Entry {
	slots := table.OTASlots()
	var order []parttable.Entry
	for i := min(k, len(slots)-1); i >= 0; i-- {
		order = append(order, slots[i])
	}
	if f, ok := table.Factory(); ok {
		order = append(order, f)
	}
	for i := max(k+1, 0); i < len(slots); i++ {
		order = append(order, slots[i])
	}
	return order
}

func slotNumber(e parttable.Entry) int {
	switch {
	case e.Subtype == parttable.SubtypeFactory:
		return emu.SlotFactory
	case e.Subtype == parttable.SubtypeTest:
		return emu.SlotTest
	}
	return int(e.Subtype - parttable.SubtypeOTA0)
}
