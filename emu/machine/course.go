package machine

import (
	"crypto/sha256"

	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/efuse"
)

// Course is what a device did over several boots.
type Course struct {
	Boots []emu.Outcome
	// Loop is the boot with whose state the last one would begin again, or -1:
	// the device resets for ever without changing any more.
	Loop int
}

// Last is the outcome of the last boot.
func (c Course) Last() emu.Outcome { return c.Boots[len(c.Boots)-1] }

// Looping tells whether the device resets for ever.
func (c Course) Looping() bool { return c.Loop >= 0 }

// Run boots a device again and again as it resets itself: until an app starts,
// the device stands still, a state comes back, or the rounds, at least one, are
// over.
func Run(b emu.Booter, d *emu.Device, rounds int) Course {
	c := Course{Loop: -1}
	seen := map[state]int{}
	for {
		seen[stateOf(d)] = len(c.Boots)
		out := b.Boot(d)
		c.Boots = append(c.Boots, out)
		if out.End != emu.EndReset {
			return c
		}
		d.Cause = out.NextCause
		if at, again := seen[stateOf(d)]; again {
			c.Loop = at
			return c
		}
		if len(c.Boots) >= rounds {
			return c
		}
	}
}

// state is everything that a boot depends on and may change.
type state struct {
	flash [sha256.Size]byte
	fuses [efuse.BlockCount][efuse.BlockSize]byte
	cause emu.ResetReason
}

func stateOf(d *emu.Device) state {
	s := state{flash: d.Flash.Sum(), cause: d.Cause}
	for i := range s.fuses {
		copy(s.fuses[i][:], d.Efuses.Cells(i))
	}
	return s
}
