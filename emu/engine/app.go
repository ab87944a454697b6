package engine

import (
	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/esp32"
	"github.com/bootsim/bootsim/flashmodel/parttable"
)

// app describes the application that was entered, by the partition table that
// the bootloader read.
func app(m *esp32.Machine, r *esp32.Result) *emu.App {
	a := &emu.App{Slot: emu.SlotNone, Offset: r.Image, Entry: r.Entry}
	t, _, ok := m.Table()
	if !ok {
		return a
	}
	for _, e := range t.Apps() {
		if e.Offset == r.Image {
			a.Slot, a.Label, a.Size = slot(e), e.Name(), e.Size
		}
	}
	return a
}

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
