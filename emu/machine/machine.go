// Package machine boots a device with the models of ROM and second stage, one
// boot or many. The second stage's profile comes from its own binary in flash.
package machine

import (
	"fmt"
	"slices"

	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/bootloader"
	"github.com/bootsim/bootsim/emu/idf"
	"github.com/bootsim/bootsim/emu/recall"
	"github.com/bootsim/bootsim/emu/rom"
)

// Options is what is known better than the bootloader's binary tells. Zero
// values leave what was detected.
type Options struct {
	IDF         string // version of ESP-IDF
	TableOffset uint32 // CONFIG_PARTITION_TABLE_OFFSET; where none is given it is looked for
	LogLevel    *bootloader.LogLevel

	Rollback, AntiRollback, Assertions, FlashEncryption bootloader.Tri

	// Adjust has the last word.
	Adjust func(*bootloader.Profile)
}

// Machine is an emu.Booter: ROM and second stage as models. It remembers what
// it has booted and does only what a change since then makes necessary. It may
// be shared by goroutines that boot devices of their own.
type Machine struct {
	options Options
	fixed   *bootloader.Profile // nil: what the device's own binary tells
	noROM   bool
	memory  memory
}

// New returns a machine.
func New(o Options) *Machine { return &Machine{options: o} }

// WithProfile returns a machine whose second stage is the one that p describes,
// whatever the binary in flash tells.
func WithProfile(p bootloader.Profile) *Machine { return &Machine{fixed: &p} }

// SecondStage returns a machine that begins with the second stage that p
// describes, where no image of it is at hand for the ROM to load.
func SecondStage(p bootloader.Profile) *Machine { return &Machine{fixed: &p, noROM: true} }

// Sums are the checksums and hashes of images that the machine knows.
func (m *Machine) Sums() *recall.Sums { return m.memory.steps.Sums() }

// Share makes m know the checksums and hashes of images that o has made, and the
// other way round, for machines that boot the same devices with other profiles.
// It returns m and comes before its first boot.
func (m *Machine) Share(o *Machine) *Machine {
	m.memory.steps.Share(&o.memory.steps)
	return m
}

// Know makes m share the checksums and hashes of images by their content with
// machines that boot other devices. It returns m and comes before its first boot.
func (m *Machine) Know(c *recall.Contents) *Machine {
	m.memory.steps.Sums().Know(c)
	return m
}

// Work returns what checksums and hashes of images cost so far: what was read
// and decrypted for them, and hashed.
func (m *Machine) Work() recall.Work { return m.memory.steps.Work() }

// Boot carries out one boot.
func (m *Machine) Boot(d *emu.Device) emu.Outcome {
	if m.noROM {
		return bootloader.BootAfter(nil, d, m.fixed, &m.memory.steps)
	}
	if d.Efuses.CacheDisable() {
		return emu.Outcome{End: emu.EndROM, Stage: emu.StageROM} // flash cannot be read through the cache
	}
	first := m.memory.runROM(d)
	if first.Loaded == nil {
		return ended(first)
	}
	p, err := m.profile(d)
	if err != nil {
		out := ended(first)
		out.End, out.NotModelled = emu.EndUnknown, fmt.Sprintf("what lies at 0x%x: %v", rom.ImageAddress, err)
		return out
	}
	return bootloader.BootAfter(first.Log, d, p, &m.memory.steps)
}

// ended is the outcome of a boot that ended in ROM. The log is the caller's to
// append to.
func ended(r *rom.Result) emu.Outcome {
	return emu.Outcome{
		End: r.End, Stage: emu.StageROM, Log: slices.Clone(r.Log), Refusals: slices.Clone(r.Refusals),
		NotModelled: r.NotModelled, NextCause: r.NextCause,
	}
}

// Profile returns the profile of the bootloader that a device boots with: what
// its binary tells, overruled by the machine's options. The error is a
// *bootloader.DetectError or an *idf.ParseError.
func (m *Machine) Profile(d *emu.Device) (bootloader.Profile, error) {
	p, err := m.profile(d)
	if err != nil {
		return bootloader.Profile{}, err
	}
	return *p, nil
}

func (m *Machine) profile(d *emu.Device) (*bootloader.Profile, error) {
	if m.fixed != nil {
		return m.fixed, nil
	}
	found := m.memory.detect(d, m.detect)
	if found.err != nil {
		return nil, found.err
	}
	at := location{of: found, offset: m.options.TableOffset}
	if at.offset == 0 {
		at.offset = m.memory.tableOffset(d)
	}
	return m.memory.locate(d, at, func() bootloader.Profile {
		p := found.profile
		p.TableOffset = at.offset
		if m.options.TableOffset == 0 && at.offset != bootloader.DefaultTableOffset {
			p.Assumed = append(slices.Clip(p.Assumed), assumedOffset(at.offset))
		}
		if m.options.Adjust != nil {
			m.options.Adjust(&p)
		}
		return p
	}), nil
}

func (m *Machine) detect(image []byte) (bootloader.Profile, error) {
	p, err := m.detectVersion(image)
	if err != nil {
		return p, err
	}
	o := m.options
	if o.LogLevel != nil {
		p.LogLevel = *o.LogLevel
	}
	for _, t := range []struct {
		into *bootloader.Tri
		from bootloader.Tri
	}{
		{&p.Rollback, o.Rollback}, {&p.AntiRollback, o.AntiRollback},
		{&p.Assertions, o.Assertions}, {&p.FlashEncryption.Enabled, o.FlashEncryption},
	} {
		if t.from != bootloader.Unknown {
			*t.into = t.from
		}
	}
	return p, nil
}

func (m *Machine) detectVersion(image []byte) (bootloader.Profile, error) {
	if m.options.IDF == "" {
		return bootloader.Detect(image)
	}
	v, err := idf.Parse(m.options.IDF)
	if err != nil {
		return bootloader.Profile{}, err
	}
	return bootloader.DetectAs(image, v)
}
