package fuzz

import (
	"bytes"
	"fmt"
	"slices"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/bootsim/check"
	"github.com/bootsim/bootsim/bootsim/model"
	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/efuse"
	"github.com/bootsim/bootsim/flashmodel"
)

// checked runs a check on a device as if its flash had been read out.
func (s *Subject) checked(d *emu.Device) bootsim.LotReport {
	lot := s.lotOf(d)
	r := check.Run([]bootsim.Lot{lot}, nil, check.Options{Engine: engine{s}})
	return r.Lots[0]
}

// lotOf describes a mutated device as a lot: what was stated of the original
// lot, the eFuses and the flash as they are, and the app that the original
// booted as what is expected.
func (s *Subject) lotOf(d *emu.Device) bootsim.Lot {
	lot := s.Lot
	lot.FlashSize, lot.FlashSizeGiven = d.Flash.Size(), true
	lot.Efuses, lot.ROM, lot.TableOffset = d.Efuses.Clone(), &d.ROM, s.Profile.TableOffset
	lot.Revision = &efuse.Revision{}
	if d.APBRevision {
		lot.Revision = &efuse.Revision{Major: 3}
	}
	if s.base.App != nil {
		lot.Expect = &bootsim.Expectation{Slot: s.base.App.Label}
	}
	lot.Contents = contents(d.Flash)
	return lot
}

// contents is what lies in flash, as runs of sectors that are not erased.
func contents(f *flashmodel.Flash) []bootsim.Placement {
	var out []bootsim.Placement
	for at := uint32(0); at < f.Size(); {
		end := at
		for end < f.Size() && !f.Erased(end, flashmodel.SectorSize) {
			end += flashmodel.SectorSize
		}
		if end == at {
			at += flashmodel.SectorSize
			continue
		}
		b := make([]byte, end-at)
		f.Read(at, b)
		out = append(out, bootsim.Placement{File: fmt.Sprintf("flash-0x%x.bin", at), Address: at, Data: b})
		at = end
	}
	return out
}

// engine boots a subject's devices with the subject's bootloader, so that its
// binary need not be read for every run; a bootloader that was changed is read.
type engine struct{ *Subject }

// Variants implements check.Engine.
func (e engine) Variants(lot *bootsim.Lot, d *emu.Device, updates bool) ([]check.Variant, []string, error) {
	if e.otherBootloader(d) {
		return model.Engine{}.Variants(lot, d, updates)
	}
	return []check.Variant{{Rollback: e.Profile.Rollback.Or(false), IDF: e.Profile.Version.String(), Booter: e.booter}}, nil, nil
}

// otherBootloader tells whether the bytes of the bootloader differ from those
// that the subject's profile was read from.
func (s *Subject) otherBootloader(d *emu.Device) bool {
	i := slices.IndexFunc(s.parts, func(p part) bool { return p.kind == partBootloader })
	if i < 0 {
		return false
	}
	p := s.parts[i]
	return !bytes.Equal(s.read(d.Flash, p), s.read(s.Device.Flash, p))
}

func (t *trial) newBootloader() bool { return t.otherBootloader(t.before) }

// sameKey tells whether the key in the device is the one that a check would
// take: it fills in the host's copy where a protected block reads as blank.
func (t *trial) sameKey() bool {
	now, then := t.before.Efuses, t.Device.Efuses
	return (!now.HardwareFlashKey().IsZero() || then.HardwareFlashKey().IsZero()) &&
		(!now.HardwareBootKey().IsZero() || then.HardwareBootKey().IsZero())
}
