package execute

import (
	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/ota"
	"github.com/bootsim/bootsim/flashmodel/otadata"
)

// confirms tells whether a bootloader asks for confirmation of new entries: it
// boots a copy of the device on which an entry is new, and sees whether it is
// pending afterwards.
func confirms(b emu.Booter, d *emu.Device, tableOffset uint32) bool {
	f := d.Fork()
	t, err := ota.Table(f, tableOffset)
	if err != nil {
		return false
	}
	row, ok := t.OTAData()
	if !ok {
		return false
	}
	for x := range t.OTASlots() {
		app := &ota.App{Device: f, Table: t, Era: otadata.EraState, Rollback: true}
		if app.SetBoot(x) != nil {
			continue
		}
		f.Cause = emu.ResetSoftware
		b.Boot(f)
		for _, e := range ota.ReadPair(f, row) {
			if e.CRCOK() && e.State == otadata.StatePendingVerify {
				return true
			}
		}
	}
	return false
}
