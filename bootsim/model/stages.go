package model

import (
	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/bootloader"
	"github.com/bootsim/bootsim/emu/rom"
)

// stages boots a device from reset: ROM first, then the second stage.
type stages struct {
	profile bootloader.Profile
	fielded bool // no image of the second stage is at hand: the ROM is left out
}

// Boot implements emu.Booter.
func (s stages) Boot(d *emu.Device) emu.Outcome {
	if s.fielded {
		return bootloader.Boot(d, &s.profile)
	}
	if d.Efuses.CacheDisable() {
		return emu.Outcome{End: emu.EndROM, Stage: emu.StageROM} // flash cannot be read through the cache
	}
	first := rom.Run(d)
	if first.Loaded == nil {
		return emu.Outcome{End: first.End, Stage: emu.StageROM, Log: first.Log, Refusals: first.Refusals,
			NextCause: first.NextCause, NotModelled: first.NotModelled}
	}
	out := bootloader.Boot(d, &s.profile)
	out.Log = append(first.Log, out.Log...)
	return out
}
