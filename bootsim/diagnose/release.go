package diagnose

import (
	"errors"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/emu/ota"
	"github.com/bootsim/bootsim/flashmodel/parttable"
)

// Unbuildable reports a lot whose device cannot be put together.
func Unbuildable(lot *bootsim.Lot, err error, keyUnknown bool) bootsim.Finding {
	rule := "unverifiable"
	if keyUnknown {
		rule = "key-unknown"
	}
	return (&Context{Lot: lot}).find(rule, "%v", err).done()
}

// NoArtifact reports that a release has nothing for a slot that devices update to.
func NoArtifact(lot *bootsim.Lot, r *bootsim.Release, running string, target parttable.Entry) bootsim.Finding {
	c := &Context{Lot: lot, Release: r}
	b := c.find("release-no-artifact", "release %s has no artifact for %s (0x%08x) of lot %s, to which a device that runs %s updates",
		r.Name, target.Name(), target.Offset, lot.Name, running).partition(target.Name())
	b.f.Offset = &target.Offset
	return b.done()
}

// NoTarget reports that devices cannot be updated from where they run.
func NoTarget(lot *bootsim.Lot, r *bootsim.Release, running string, err error) bootsim.Finding {
	c := &Context{Lot: lot, Release: r}
	return c.find("release-no-target", "release %s cannot be installed on devices of lot %s that run %s: %v", r.Name, lot.Name, running, err).done()
}

// Uninstallable reports that an artifact could not even be written.
func Uninstallable(c *Context, err error) bootsim.Finding {
	var slot *ota.SlotError
	rule := "unverifiable"
	if errors.As(err, &slot) {
		rule = "release-too-large"
		if slot.Slot == "otadata" {
			return c.find("otadata-row-missing", "%s cannot be installed: %v", c.Artifact.File, err).
				severity(bootsim.Error).at(c.TableOffset).done()
		}
	}
	b := c.find(rule, "%s cannot be installed: %v", c.Artifact.File, err).partition(c.Want.Label)
	b.f.File, b.f.Offset = c.Artifact.File, &c.Want.Offset
	return b.done()
}
