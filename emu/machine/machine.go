// Package machine boots a device with the models of ROM and second stage, one
// boot or many. The second stage's profile comes from its own binary in flash.
package machine

import (
	"fmt"

	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/bootloader"
	"github.com/bootsim/bootsim/emu/idf"
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

// Machine is an emu.Booter: ROM and second stage as models. It may be shared
// by goroutines that boot devices of their own.
type Machine struct {
	options Options
	profile memo
}

// New returns a machine.
func New(o Options) *Machine { return &Machine{options: o} }

// Boot carries out one boot.
func (m *Machine) Boot(d *emu.Device) emu.Outcome {
	first := rom.Run(d)
	out := emu.Outcome{
		End: first.End, Log: first.Log, Refusals: first.Refusals,
		NotModelled: first.NotModelled, NextCause: first.NextCause,
	}
	if first.Loaded == nil {
		return out
	}
	p, err := m.Profile(d)
	if err != nil {
		out.End, out.NotModelled = emu.EndUnknown, fmt.Sprintf("what lies at 0x%x: %v", rom.ImageAddress, err)
		return out
	}
	out = bootloader.Boot(d, &p)
	out.Log = append(first.Log, out.Log...)
	return out
}

// Profile returns the profile of the bootloader that a device boots with: what
// its binary tells, overruled by the machine's options. The error is a
// *bootloader.DetectError or an *idf.ParseError.
func (m *Machine) Profile(d *emu.Device) (bootloader.Profile, error) {
	p, err := m.profile.get(d, m.detect)
	if err != nil {
		return p, err
	}
	if p.TableOffset = m.options.TableOffset; p.TableOffset == 0 {
		findTable(d, &p)
	}
	if m.options.Adjust != nil {
		m.options.Adjust(&p)
	}
	return p, nil
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
