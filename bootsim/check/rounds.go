package check

import (
	"github.com/bootsim/bootsim/emu"
)

// maxRounds bounds the resets that are followed. Two boots suffice for a device
// that encrypts itself, three for one that also aborts an update; what still
// changes after four would change for ever.
const maxRounds = 4

// boot starts a device and follows it through resets as long as they change
// something: a bootloader that encrypts on first boot resets and starts anew.
// The outcome is the last boot's, with the console of all.
func boot(v Variant, d *emu.Device) booted {
	var log []emu.Line
	var disagreements []string
	alone := ""
	for round := 1; ; round++ {
		before := d.Fork()
		out := v.Booter.Boot(d)
		log = append(log, out.Log...)
		disagreements = append(disagreements, out.Disagreements...)
		if alone == "" {
			alone = out.Unwitnessed
		}
		if out.End != emu.EndReset || round == maxRounds || same(before, d) {
			out.Log, out.Disagreements, out.Unwitnessed = log, disagreements, alone
			return booted{device: d, outcome: out}
		}
		d = d.Fork()
		d.Cause = out.NextCause
	}
}

// same tells whether nothing that outlives a reset differs.
func same(a, b *emu.Device) bool {
	return a.Efuses.Equal(b.Efuses) && a.Flash.Sum() == b.Flash.Sum()
}
