package provision

import (
	"crypto/sha256"
	"fmt"

	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/efuse"
	"github.com/bootsim/bootsim/emu/machine"
	"github.com/bootsim/bootsim/flashmodel"
	"github.com/bootsim/bootsim/flashmodel/espimage"
)

// booted is how a device boots, and the device afterwards.
type booted struct {
	device  *emu.Device
	outcome emu.Outcome
	version string // of the app's descriptor; empty: none
	unknown string // why nobody can tell
}

// maxRounds bounds the resets that are followed: a device that encrypts itself
// needs two boots, and what still changes after four would change for ever.
const maxRounds = 4

// app names what was started.
func (b *booted) app() string {
	a := b.outcome.App
	if a == nil {
		return ""
	}
	return fmt.Sprintf("%s at 0x%08x%s", a.Label, a.Offset, prefixed(", version ", b.version))
}

func prefixed(prefix, s string) string {
	if s == "" {
		return ""
	}
	return prefix + s
}

// boot tells how a device boots from power-on. The state stays as it is.
func (r *runner) boot(s *state) booted {
	key := deviceDigest(s.device)
	if b, known := r.boots[key]; known {
		return b
	}
	fork := *s
	fork.device = s.device.Fork()
	b := r.bootWith(&fork)
	r.boots[key] = b
	return b
}

// powerCycle is the state after the device was switched off and on.
func (r *runner) powerCycle(s *state) *state {
	b := r.boot(s)
	next := *s
	next.device = b.device.Fork()
	return &next
}

// bootWith boots the device of a state itself, whose journal sees it.
func (r *runner) bootWith(s *state) booted {
	d := s.device
	d.Cause = emu.ResetPowerOn
	booter, err := r.booter(s)
	if err != nil {
		return booted{device: d, unknown: err.Error()}
	}
	b := booted{device: d, outcome: machine.Run(booter, d, maxRounds).Last()}
	d.Cause = emu.ResetPowerOn
	if b.outcome.End == emu.EndUnknown {
		b.unknown = b.outcome.NotModelled
	}
	if app := b.outcome.App; app != nil {
		var head [espimage.DescOffset + espimage.AppDescSize]byte
		d.Cached().Read(app.Offset, head[:])
		if desc, ok := espimage.DecodeAppDesc(head[:]); ok {
			b.version = desc.Version
		}
	}
	return b
}

// bootloaderWindow is what a bootloader, and the table behind it, can take of
// flash, in bytes from 0.
const bootloaderWindow = 128 << 10

// booter returns what boots the device. It follows from the start of flash as
// the device reads it, and is looked for once.
func (r *runner) booter(s *state) (emu.Booter, error) {
	h := sha256.New()
	var b [flashmodel.SectorSize]byte
	for a := uint32(0); a < bootloaderWindow; a += flashmodel.SectorSize {
		s.device.Flash.Read(a, b[:])
		h.Write(b[:])
	}
	for block := range efuse.BlockCount {
		h.Write(s.device.Efuses.Cells(block))
	}
	key := digest(h.Sum(nil))
	if known, ok := r.booters[key]; ok {
		return known, nil
	}
	lot := r.lot(s)
	variants, _, err := r.engine.Variants(&lot, s.device, false)
	if err != nil {
		return nil, err
	}
	r.booters[key] = variants[0].Booter
	return variants[0].Booter, nil
}
