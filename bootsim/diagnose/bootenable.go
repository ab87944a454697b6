package diagnose

import (
	"strings"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/rom"
)

// romRefused explains a bootloader that the ROM's secure boot turned down.
func romRefused(c *Context, d *emu.Device) bootsim.Finding {
	if d.ROM == emu.ROM2019 && d.Efuses.AbsDone1() {
		return badSignature(c, d)
	}
	return badDigest(c, d)
}

// enablingRefused explains a bootloader that would not enable Secure Boot.
func enablingRefused(c *Context, row string, refused *emu.Refusal) bootsim.Finding {
	own := c.ownSignature()
	switch {
	case own:
		return badSignature(c, c.Device)
	case strings.Contains(refused.Detail, "read protected, aborting"):
		return c.find("secure-boot-block2-hidden", "BLOCK2 is read-protected: the bootloader cannot read the key digest, and does not enable Secure Boot V2").console().done()
	case strings.Contains(refused.Detail, "No application key digest"), strings.Contains(refused.Detail, "Application not signed"):
		return c.find("app-signed-with-other-key", "the app in %s and the bootloader are signed with different keys: Secure Boot V2 is not enabled, and nothing starts", row).console().done()
	}
	return c.find("secure-boot-refused", "the bootloader cannot enable Secure Boot: %s", refused.Detail).console().done()
}

// ownSignature tells whether the bootloader refused its own signature.
func (c *Context) ownSignature() bool {
	for _, r := range c.Outcome.Refusals {
		if r.Reason == emu.ReasonAppSignature && r.Slot == emu.SlotNone {
			return true
		}
	}
	return false
}

// afterEnabling looks whether a device that enabled Secure Boot at this boot
// passes the ROM's check at the next one.
func afterEnabling(c *Context) []bootsim.Finding {
	if c.After == nil || !newlyOn(c.Device, c.After) {
		return nil
	}
	d := c.After.Fork()
	d.Cause = emu.ResetSoftware
	for _, r := range rom.Run(d).Refusals {
		if r.Reason == emu.ReasonROMSecureBoot {
			return []bootsim.Finding{romRefused(c, d)}
		}
	}
	return nil
}

func newlyOn(before, after *emu.Device) bool {
	return after.Efuses.AbsDone0() && !before.Efuses.AbsDone0() || after.Efuses.AbsDone1() && !before.Efuses.AbsDone1()
}
