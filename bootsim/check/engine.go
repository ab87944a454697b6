package check

import (
	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/emu"
)

// Variant is one way in which a lot's device may boot: the bootloader's own
// options, or one value of an option that it does not betray.
type Variant struct {
	DependsOn string // "CONFIG_BOOTLOADER_APP_ROLLBACK_ENABLE is set"; empty when nothing is open
	Rollback  bool   // new otadata entries need confirmation
	IDF       string // version of the bootloader
	Booter    emu.Booter
}

// Engine makes what boots a device: the model, or an execution of the lot's own
// bootloader binary.
type Engine interface {
	// Variants returns at least one variant unless it returns an error, and
	// what it had to assume, a sentence each. updates tells whether releases
	// will be installed.
	Variants(lot *bootsim.Lot, d *emu.Device, updates bool) ([]Variant, []string, error)
}
