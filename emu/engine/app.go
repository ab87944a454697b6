package engine

import (
	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/esp32"
	"github.com/bootsim/bootsim/flashmodel/parttable"
)

// app describes the application that was entered, by the partition table that
// the bootloader read.
func app(m *esp32.Machine, r *esp32.Result) *emu.App {
	e := partitionAt(m, r.Image)
	return &emu.App{Slot: slot(e), Label: e.Name(), Offset: r.Image, Size: e.Size, Entry: r.Entry}
}

// crash says what was being loaded when the bootloader ended in itself: nothing
// when it had not come to an application yet.
func crash(m *esp32.Machine, r *esp32.Result) emu.Refusal {
	out := emu.Refusal{Reason: emu.ReasonException, Slot: emu.SlotNone, Detail: r.Ending()}
	if at, ok := m.LastImage(); ok {
		e := partitionAt(m, at)
		out.Slot, out.Label, out.Offset = slot(e), e.Name(), at
	}
	return out
}

// partitionAt returns the application partition that begins at an address; an
// empty one of no application type when the table has none.
func partitionAt(m *esp32.Machine, at uint32) parttable.Entry {
	if t, _, ok := m.Table(); ok {
		for _, e := range t.Apps() {
			if e.Offset == at {
				return e
			}
		}
	}
	return parttable.Entry{Type: parttable.TypeData, Subtype: noSubtype}
}

// noSubtype is that of no application.
const noSubtype = 0xFF

func slot(e parttable.Entry) int {
	switch {
	case e.Subtype == parttable.SubtypeFactory:
		return emu.SlotFactory
	case e.Subtype == parttable.SubtypeTest:
		return emu.SlotTest
	case e.IsOTA():
		return int(e.Subtype - parttable.SubtypeOTA0)
	}
	return emu.SlotNone
}
