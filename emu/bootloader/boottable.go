package bootloader

import (
	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/rom"
	"github.com/bootsim/bootsim/flashmodel/parttable"
)

// maxSlots is how many OTA slots a bootloader keeps track of.
const maxSlots = 16

// place is a partition as a bootloader remembers it. Size 0 stands for none.
type place struct {
	offset, size uint32
	label        string
	row          int
}

// bootTable is what a bootloader takes from the partition table
// (bootloader_state_t, spec 2.4 end).
type bootTable struct {
	factory, test, otaInfo place
	ota                    [maxSlots]place
	apps                   uint32 // OTA rows, duplicates counted
}

// record remembers a row, its label on paper. The last of several that mean the same wins.
func (t *bootTable) record(e parttable.Entry, row int, paper *rom.Paper) {
	if into := t.room(e); into != nil {
		*into = place{offset: e.Offset, size: e.Size, label: paper.Text(e.Label[:]), row: row}
	}
}

// room returns where a row's partition is remembered, nil for nowhere, and
// counts the rows of OTA slots.
func (t *bootTable) room(e parttable.Entry) *place {
	switch {
	case e.Is(parttable.TypeApp, parttable.SubtypeFactory):
		return &t.factory
	case e.Is(parttable.TypeApp, parttable.SubtypeTest):
		return &t.test
	case e.Type == parttable.TypeApp && isOTA(e.Subtype):
		t.apps++
		return &t.ota[e.Subtype&0x0F]
	case e.Is(parttable.TypeData, parttable.SubtypeOTAData):
		return &t.otaInfo
	}
	return nil
}

// slot returns the partition of an index of the load order. Slots at or above
// the number of OTA rows are out of reach (spec 2.6).
func (t *bootTable) slot(index int) place {
	switch {
	case index == emu.SlotFactory:
		return t.factory
	case index == emu.SlotTest:
		return t.test
	case index >= 0 && index < maxSlots && uint32(index) < t.apps:
		return t.ota[index]
	}
	return place{}
}
