package execute

import (
	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/bootsim/check"
	"github.com/bootsim/bootsim/bootsim/model"
	"github.com/bootsim/bootsim/emu/bootloader"
	"github.com/bootsim/bootsim/emu/engine"
)

// Settle states for a lot whether its bootloader asks for confirmation of
// updates, where neither the lot nor the binary tells: the binary is booted to
// find out.
func Settle(lot *bootsim.Lot) error {
	if lot.Bootloader.Fielded || lot.Bootloader.Rollback != nil {
		return nil
	}
	f, err := check.Build(lot)
	if err != nil {
		return err
	}
	p, err := model.Profile(lot, f.Device)
	if err != nil || p.Rollback != bootloader.Unknown {
		return err
	}
	asks := confirms(&engine.Engine{}, f.Device, check.TableOffset(lot))
	lot.Bootloader.Rollback = &asks
	return nil
}
