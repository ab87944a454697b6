package model

import (
	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/bootloader"
)

// Profile returns the bootloader that a lot's device boots with: what its image
// tells, overruled by what the lot states. Options that leave no trace stay
// unknown. A lot without a bootloader file gets a header placed on d.
func Profile(lot *bootsim.Lot, d *emu.Device) (bootloader.Profile, error) {
	p, _, err := profile(lot, d)
	if err == nil && !knowsRollback().Includes(p.Version) {
		p.Rollback = bootloader.No
	}
	return p, err
}

// Booter boots a lot's devices with a given bootloader, whatever lies in flash.
func Booter(lot *bootsim.Lot, p bootloader.Profile) emu.Booter {
	return booter(p, lot.Bootloader.Fielded)
}
