package provision

import (
	"slices"

	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/flashmodel"
)

// bootOrder warns of ABS_DONE_0 or ABS_DONE_1 that is burnt before the bootloader
// which it demands lies in flash.
func (j *judge) bootOrder() {
	if j.boot(j.last()).outcome.End != emu.EndApp {
		return
	}
	done := func(s *state) bool { return s.device.Efuses.AbsDone0() || s.device.Efuses.AbsDone1() }
	at := slices.IndexFunc(j.trail, func(out outcome) bool { return done(out.state) })
	if at < 0 || done(j.before(at)) || j.boot(j.trail[at].state).outcome.End == emu.EndApp {
		return
	}
	later := slices.IndexFunc(j.trail[at+1:], func(out outcome) bool { return slices.ContainsFunc(out.ops[:out.toolOps], writesBootloader) })
	if later < 0 {
		return
	}
	f := j.add("plan-secure-boot-early", "%s switches Secure Boot on, and %s writes the bootloader only then",
		j.plan.Steps[at].At(), j.plan.Steps[at+1+later].At())
	f.File = j.plan.Source
}

// bootloaderEnd is where a bootloader ends at the latest that the ROM stages.
const bootloaderEnd = 0x10000

func writesBootloader(op flashmodel.Op) bool {
	return op.Kind == flashmodel.OpProgram && op.Addr < bootloaderEnd
}
