package provision

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"slices"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/bootsim/check"
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

// lot describes the device of a state as a check takes it: what lies in flash,
// by the files that were written there.
func (r *runner) lot(s *state) bootsim.Lot {
	lot := r.plan.Device
	lot.Name, lot.Source = r.plan.Name, r.plan.Source
	lot.FlashSize = s.device.Flash.Size()
	lot.Efuses = s.device.Efuses.Clone()
	lot.ROM = &s.device.ROM
	rev := lot.Efuses.Revision(s.device.APBRevision)
	lot.Revision = &rev
	lot.Contents = contents(s)
	lot.KeyFiles = nil
	for _, k := range s.keys {
		lot.KeyFiles = append(lot.KeyFiles, bootsim.KeyFile{File: k.file, Key: k.key})
	}
	lot.TableOffset = r.tableOffset(lot, s)
	return lot
}

// tableOffset is where the partition table lies. The key that files were
// encrypted with tells the length of the bootloader before it.
func (r *runner) tableOffset(lot bootsim.Lot, s *state) uint32 {
	if k, ok := s.onlyKey(); ok {
		lot.Key = &k.key
	}
	return check.TableOffset(&lot)
}

// contents lists what lies in flash: first what no file accounts for, then the
// stretches of files in the order in which they were written.
func contents(s *state) []bootsim.Placement {
	flash := s.device.Flash
	blank, err := flashmodel.New(flash.Size())
	if err != nil {
		return nil // a chip of this size exists
	}
	var out []bootsim.Placement
	for _, run := range runs(flash.ChangedSectors(blank)) {
		if !covered(run, s.writes) {
			out = append(out, placement("", run.addr, run.size, flash))
		}
	}
	for _, w := range s.writes {
		if end := uint64(w.addr) + uint64(w.size); end <= uint64(flash.Size()) && !flash.Erased(w.addr, w.size) {
			out = append(out, placement(w.file, w.addr, w.size, flash))
		}
	}
	return out
}

func placement(file string, addr, size uint32, flash *flashmodel.Flash) bootsim.Placement {
	data := make([]byte, size)
	flash.Read(addr, data)
	return bootsim.Placement{File: file, Address: addr, Data: data}
}

// stretch is a range of flash, in bytes.
type stretch struct{ addr, size uint32 }

// runs joins sectors that follow each other.
func runs(sectors []uint32) (out []stretch) {
	for _, a := range sectors {
		if n := len(out); n > 0 && out[n-1].addr+out[n-1].size == a {
			out[n-1].size += flashmodel.SectorSize
			continue
		}
		out = append(out, stretch{a, flashmodel.SectorSize})
	}
	return out
}

// covered tells whether files account for every sector of a stretch.
func covered(run stretch, writes []write) bool {
	sorted := slices.Clone(writes)
	slices.SortStableFunc(sorted, func(a, b write) int { return cmp.Compare(a.addr, b.addr) })
	at := run.addr
	for _, w := range sorted {
		if w.addr&^(flashmodel.SectorSize-1) <= at {
			at = max(at, (w.addr+w.size+flashmodel.SectorSize-1)&^(flashmodel.SectorSize-1))
		}
	}
	return at >= run.addr+run.size
}
