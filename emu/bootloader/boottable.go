package bootloader

import (
	"github.com/bootsim/bootsim/emu"
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

// record remembers a row. The last of several that mean the same wins.
func (t *bootTable) record(e parttable.Entry, row int) {
	p := place{offset: e.Offset, size: e.Size, label: e.Name(), row: row}
	switch {
	case e.Is(parttable.TypeApp, parttable.SubtypeFactory):
		t.factory = p
	case e.Is(parttable.TypeApp, parttable.SubtypeTest):
		t.test = p
	case e.Type == parttable.TypeApp && isOTA(e.Subtype):
		t.ota[e.Subtype&0x0F] = p
		t.apps++
	case e.Is(parttable.TypeData, parttable.SubtypeOTAData):
		t.otaInfo = p
	}
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
