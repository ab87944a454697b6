package diagnose

import (
	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/emu/rom"
)

// Disagreement reports that model and executed bootloader came out differently,
// or that the model had no opinion.
func Disagreement(c *Context) []bootsim.Finding {
	if len(c.Outcome.Disagreements) == 0 {
		if why := c.Outcome.Unwitnessed; why != "" {
			return []bootsim.Finding{c.find("engine-alone", "%s", why).at(rom.ImageAddress).done()}
		}
		return nil
	}
	b := c.find("engines-disagree", "%s", c.Outcome.Disagreements[0]).at(rom.ImageAddress)
	for _, s := range c.Outcome.Disagreements[1:] {
		b = b.evidence("%s", s)
	}
	return []bootsim.Finding{b.done()}
}
