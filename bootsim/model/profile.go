package model

import (
	"fmt"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/bootsim/check"
	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/bootloader"
	"github.com/bootsim/bootsim/emu/idf"
	"github.com/bootsim/bootsim/flashmodel/crypt"
)

// profile finds out which bootloader a lot has: from its image as the device
// reads it, and from what the lot states.
func profile(lot *bootsim.Lot, d *emu.Device) (bootloader.Profile, []string, error) {
	p, found := detect(lot, d)
	assumed := p.Assumed
	if lot.Bootloader.IDF != "" {
		v, err := idf.Parse(lot.Bootloader.IDF)
		if err != nil {
			return p, nil, fmt.Errorf("lot %s: bootloader version: %w", lot.Name, err)
		}
		p, assumed = ofVersion(v, p, found), nil
	}
	if lot.Bootloader.Fielded {
		assumed = append(assumed, fmt.Sprintf("the devices have a bootloader of ESP-IDF %s with default options, built for %d MB of flash; the ROM stage is left out",
			p.Version, d.Flash.Size()>>20))
		if err := placeHeader(d); err != nil {
			return p, nil, err
		}
	}
	if namesBothFrequencies().Includes(p.Version) {
		p.CPUFrequency = 0
	}
	err := state(&p, lot)
	p.TableOffset = check.TableOffset(lot)
	return p, assumed, err
}

// namesBothFrequencies is the set of versions whose text on the CPU's rating is
// compiled in whatever frequency the build asks for, and so tells nothing of it.
func namesBothFrequencies() idf.Since { return idf.MustSince("4.1") }

// window is how many bytes from 0x1000 on may be a bootloader.
const window = 64 << 10

// detect reads the bootloader as the device does. Where that is noise the ROM
// gets no further, and the file as it was meant serves to name the version.
func detect(lot *bootsim.Lot, d *emu.Device) (p bootloader.Profile, found bool) {
	b := make([]byte, window)
	d.Cached().Read(bootloader.ImageAddress, b)
	if p, err := bootloader.Detect(b); err == nil {
		return p, true
	}
	for _, b := range meant(lot) {
		if p, err := bootloader.Detect(b); err == nil {
			p.Assumed = nil
			return p, true
		}
	}
	return bootloader.ForVersion(idf.Version{Major: 5, Minor: 5, Stage: idf.StageRelease}), false
}

// meant is what lies at 0x1000, as it is and decrypted with the lot's key.
func meant(lot *bootsim.Lot) [][]byte {
	var out [][]byte
	for _, p := range lot.Contents {
		if p.Address != bootloader.ImageAddress {
			continue
		}
		out = append(out, p.Data)
		if lot.Key != nil {
			plain := make([]byte, len(p.Data)&^15)
			_ = crypt.New(*lot.Key, crypt.FullConfig).Decrypt(p.Address, plain, p.Data[:len(plain)]) // aligned: no error is possible
			out = append(out, plain)
		}
	}
	return out
}

// ofVersion is the bootloader of a version that the lot states, with the build
// options of the one that was detected.
func ofVersion(v idf.Version, have bootloader.Profile, found bool) bootloader.Profile {
	p := bootloader.ForVersion(v)
	if !found {
		return p
	}
	p.LogLevel, p.CompileTime, p.SingleCore, p.Assertions, p.Quad = have.LogLevel, have.CompileTime, have.SingleCore, have.Assertions, have.Quad
	p.FlashEncryption, p.SecureBoot, p.SignedApps = have.FlashEncryption, have.SecureBoot, have.SignedApps
	p.Rollback, p.AntiRollback = have.Rollback, have.AntiRollback
	p.FactoryReset, p.TestApp, p.SkipValidate, p.CPUFrequency = have.FactoryReset, have.TestApp, have.SkipValidate, have.CPUFrequency
	p.Memory = have.Memory
	return p
}

// state overrides what was detected by what the lot says.
func state(p *bootloader.Profile, lot *bootsim.Lot) error {
	o := lot.Bootloader
	if o.Rollback != nil {
		p.Rollback = bootloader.TriOf(*o.Rollback)
	}
	if o.AntiRollback != nil {
		p.AntiRollback = bootloader.TriOf(*o.AntiRollback)
	}
	if o.FactoryReset != nil {
		p.FactoryReset = nil
		if *o.FactoryReset {
			p.FactoryReset = &bootloader.FactoryReset{}
		}
	}
	if o.LogLevel == "" {
		return nil
	}
	for l := bootloader.LogNone; l <= bootloader.LogVerbose; l++ {
		if name := l.String(); name == o.LogLevel || name == "warning" && o.LogLevel == "warn" {
			p.LogLevel = l
			return nil
		}
	}
	return fmt.Errorf("lot %s: there is no log level %q: use error, warning, info, debug or verbose", lot.Name, o.LogLevel)
}
