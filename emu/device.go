// Package emu is the machine: a classic ESP32 with its flash, its eFuses and
// the persistent state that a boot depends on, and the contract of a boot.
//
// What carries a boot out lies below: emu/rom and emu/bootloader model the
// first and second stage from their behaviour (spec sections 1 to 4). Any other
// implementation of Booter may stand beside them.
package emu

import (
	"github.com/bootsim/bootsim/emu/efuse"
	"github.com/bootsim/bootsim/flashmodel"
	"github.com/bootsim/bootsim/flashmodel/crypt"
)

// ROM is a generation of the mask ROM (spec 1.1).
type ROM uint8

// The two generations that exist.
const (
	ROM2016 ROM = iota // "ets Jun  8 2016 00:22:57", chips v0.0 to v2.0
	ROM2019            // "ets Jul 29 2019 12:21:46", chips v3.0 and later (ECO3)
)

// Device is one chip with its flash: everything that a boot depends on.
// Fork it to try something and keep the original.
type Device struct {
	Flash  *flashmodel.Flash
	Efuses *efuse.Set
	ROM    ROM
	// APBRevision is bit 31 of APB_CTRL_DATE, the third revision bit, which is
	// wired in silicon from v3.0 on and is no eFuse (spec 2.3).
	APBRevision bool
	// Strap is the value printed after "boot:" in the ROM's second line.
	// 0 stands for 0x13, plain flash boot.
	Strap uint8
	// Cause is why the chip starts: ResetPowerOn unless set.
	Cause ResetReason
	// Pins that a bootloader option samples at start; none held when zero.
	FactoryResetHeld, TestAppHeld bool
	// JTAG tells that a debugger is attached: checksum and hash are then skipped.
	JTAG bool
	// Entropy stands for what the chip's random number generator yields: the same
	// text gives the same keys and IVs. Chips with the same text still differ by
	// their MAC address.
	Entropy string
	// Draws, where not nil, is what the generator yields instead, and what the
	// compiler left: a boot that is to be compared with another one is given what
	// that one drew.
	Draws *Draws
	// Crystal is the frequency of the module's crystal in MHz, which nothing in
	// flash or eFuses tells. 0 stands for UsualCrystal.
	Crystal int

	watch *Watch // nil: nobody wants to know what is read
}

// Draws is the random numbers of one boot, by what they are for, and other bytes
// that it wrote and that follow from nothing but its binary. What is nil was not
// drawn.
type Draws struct {
	FlashKey []byte // of flash encryption, before coding: 32 bytes, 24 under the 3/4 scheme
	BootKey  []byte // of Secure Boot V1, likewise
	BootIV   []byte // of its digest, 128 bytes
	// Label is the 20 bytes that the last otadata entry that was written has for a
	// label. Bootloaders before v3.3-beta1-409 leave there what their stack holds
	// (set_actual_ota_seq in bootloader_utility.c, ESP-IDF v3.3-beta1-85 on).
	Label []byte
}

// UsualCrystal is the crystal of all modules but a few, in MHz.
const UsualCrystal = 40

// CrystalMHz is the frequency of the crystal.
func (d *Device) CrystalMHz() int {
	if d.Crystal == 0 {
		return UsualCrystal
	}
	return d.Crystal
}

// ResetReason is the number in the ROM's "rst:" (spec 1.2).
type ResetReason uint8

// Reset reasons that the machine itself brings about.
const (
	ResetPowerOn   ResetReason = 1
	ResetSoftware  ResetReason = 3
	ResetDeepSleep ResetReason = 5
	ResetTG0WDT    ResetReason = 7
	ResetRTCWDT    ResetReason = 0x10
)

// Fork returns a device that shares nothing with d that either can change.
func (d *Device) Fork() *Device {
	f := &struct { // one piece of memory for all
		Device
		flash  flashmodel.Flash
		efuses efuse.Set
	}{Device: *d}
	f.watch = nil
	d.Flash.ForkInto(&f.flash)
	d.Efuses.CloneInto(&f.efuses)
	f.Flash, f.Efuses = &f.flash, &f.efuses
	return &f.Device
}

// Attach makes flash and eFuses record their operations in one journal.
func (d *Device) Attach(j *flashmodel.Journal) {
	d.Flash.Attach(j)
	d.Efuses.Attach(j)
}

// Cipher returns what the cache decrypts with, or nil while FLASH_CRYPT_CNT
// has an even number of bits set. An undecodable key block counts as the bytes
// that the hardware would take from it.
func (d *Device) Cipher() *crypt.Cipher {
	if d.watch != nil {
		d.watch.cipher = true // which is less than the eFuses that it comes from
		d.Efuses.Trace(nil)
		defer d.Efuses.Trace(&d.watch.bits)
	}
	if !d.Efuses.FlashEncryption() {
		return nil
	}
	return crypt.New(d.Efuses.HardwareFlashKey(), d.Efuses.CryptConfig())
}

// Cached returns the flash as the cache shows it (spec 4.7): decrypted when
// flash encryption is on, with the key and configuration of this moment.
func (d *Device) Cached() flashmodel.Reader {
	c := d.CachedBy(d.Cipher())
	return &c
}

// CachedBy is Cached with what Cipher returns now.
func (d *Device) CachedBy(cipher *crypt.Cipher) Cache {
	return Cache{dev: d, view: *crypt.NewView(d.Flash, cipher)}
}
