// Package model is the engine that boots lots with the behavioural model of ROM
// and second stage (emu/rom, emu/bootloader).
package model

import (
	"fmt"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/bootsim/check"
	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/bootloader"
	"github.com/bootsim/bootsim/emu/idf"
	"github.com/bootsim/bootsim/emu/machine"
	"github.com/bootsim/bootsim/emu/ota"
	"github.com/bootsim/bootsim/emu/recall"
	"github.com/bootsim/bootsim/flashmodel/otadata"
)

// Engine implements check.Engine.
type Engine struct {
	// Contents, where not nil, lets the machines of all lots know what images come
	// to that another one has booted.
	Contents *recall.Contents
}

// rollbackOption is the build option that a release binary does not betray.
const rollbackOption = "CONFIG_BOOTLOADER_APP_ROLLBACK_ENABLE"

// Variants returns the lot's bootloader, twice where an option that is not
// known changes what happens.
func (e Engine) Variants(lot *bootsim.Lot, d *emu.Device, updates bool) ([]check.Variant, []string, error) {
	p, assumed, err := profile(lot, d)
	if err != nil {
		return nil, nil, err
	}
	if !knowsRollback().Includes(p.Version) {
		p.Rollback = bootloader.No
	}
	if p.Rollback != bootloader.Unknown || !(updates || pending(d, p.TableOffset)) {
		return []check.Variant{variant(lot, p, "", machine.New(machine.Options{}).Know(e.Contents))}, assumed, nil
	}
	var out []check.Variant
	known := machine.New(machine.Options{}).Know(e.Contents) // of images, whose hashes depend on no option
	for _, v := range []bootloader.Tri{bootloader.No, bootloader.Yes} {
		q := p
		q.Rollback = v
		out = append(out, variant(lot, q, fmt.Sprintf("%s is %s", rollbackOption, set(v)), known))
	}
	return out, assumed, nil
}

// knowsRollback is the set of versions that have the option.
func knowsRollback() idf.Since { return idf.MustSince("3.3-beta1") }

func set(t bootloader.Tri) string {
	if t == bootloader.Yes {
		return "set"
	}
	return "not set"
}

func variant(lot *bootsim.Lot, p bootloader.Profile, dependsOn string, known *machine.Machine) check.Variant {
	return check.Variant{
		DependsOn: dependsOn, Rollback: p.Rollback.Or(false), IDF: p.Version.String(),
		Booter: booter(p, lot.Bootloader.Fielded).Share(known),
	}
}

// booter is the lot's machine. The ROM is left out where no image of the second
// stage is at hand.
func booter(p bootloader.Profile, fielded bool) *machine.Machine {
	if fielded {
		return machine.SecondStage(p)
	}
	return machine.WithProfile(p)
}

// pending tells whether otadata, as the device reads it, has an entry that a
// bootloader with rollback would change.
func pending(d *emu.Device, tableOffset uint32) bool {
	t, err := ota.Table(d, tableOffset)
	if err != nil {
		return false
	}
	row, ok := t.OTAData()
	if !ok {
		return false
	}
	for _, e := range ota.ReadPair(d, row) {
		if e.CRCOK() && (e.State == otadata.StateNew || e.State == otadata.StatePendingVerify) {
			return true
		}
	}
	return false
}
