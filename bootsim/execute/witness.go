package execute

import (
	"strings"

	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/bootloader"
	"github.com/bootsim/bootsim/emu/engine"
	"github.com/bootsim/bootsim/emu/esp32"
	"github.com/bootsim/bootsim/emu/machine"
)

// Witness executes what the model has booted, and tells how the model was wrong.
// It is a fuzz.Second.
type Witness struct {
	Machine esp32.Options
}

// Disagrees boots the device once more by executing its binary. covered is false
// where the model has no opinion on the end, or the binary comes to none.
func (w Witness) Disagrees(before *emu.Device, p *bootloader.Profile, after *emu.Device, out emu.Outcome) (difference string, covered bool) {
	d := before.Fork()
	executed, draws := executionBy(&engine.Engine{Options: w.Machine})(d)
	if draws != nil && (draws.FlashKey != nil || draws.BootKey != nil || draws.BootIV != nil || draws.Label != nil) {
		// What was drawn is no matter of opinion.
		after = before.Fork()
		after.Draws = draws
		out = machine.WithProfile(*p).Boot(after)
	}
	open := noOpinion(out) != ""
	if executed.End == emu.EndUnknown {
		if open {
			return "", false
		}
		return "the binary could not be executed to an end: " + executed.NotModelled, false
	}
	return strings.Join(Compare(out, executed, after, d), "; "), !open
}
