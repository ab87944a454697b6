package update

import (
	"fmt"

	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/idf"
	"github.com/bootsim/bootsim/emu/ota"
	"github.com/bootsim/bootsim/emu/recall"
	"github.com/bootsim/bootsim/flashmodel/parttable"
)

// RTC is memory that lives as long as the power does.
type RTC [64]byte

// File is one file of a release, as a server or an SD card holds it.
type File struct {
	Slot      string // partition that it is for; empty: any
	Data      []byte
	Encrypted bool // made on the host for the slot's address: to be written raw
}

// Offer is what is to be installed. It is there whenever an application looks.
type Offer struct {
	Files []File
	// Table and Bootloader are what updaters of those install, as plaintext.
	Table, Bootloader []byte
}

// For returns the file for a slot: one that names it before one for any.
// ok is false where the release has none.
func (o *Offer) For(slot string, encrypted bool) (f File, ok bool) {
	for _, want := range []string{slot, ""} {
		for _, f := range o.Files {
			if f.Slot == want && f.Encrypted == encrypted {
				return f, true
			}
		}
	}
	return File{}, false
}

// Mark is a point that a program passes.
type Mark uint8

// The points that invariants go by.
const (
	MarkConfirming Mark = iota // the new application begins to confirm itself
	MarkConfirmed              // it has done so
)

// Device is a device as the application that runs on it has it.
type Device struct {
	Hardware *emu.Device
	Running  emu.App // what was started
	// UpToDate tells that what runs is what the offer brings: an application
	// knows its own version.
	UpToDate bool
	Offer    *Offer
	// TableOffset is CONFIG_PARTITION_TABLE_OFFSET.
	TableOffset uint32

	// OnRead and OnMark are told of reads, which they may make fail, and of
	// points that the program passes. Nil for neither.
	OnRead func() error
	OnMark func(Mark)
	// Memory is RTC memory; OnStore is told what is stored there.
	Memory  RTC
	OnStore func(RTC)
	// OnVerify may know whether an image is valid for a version of ESP-IDF
	// without a look; nil does not.
	OnVerify func(version string, offset, size uint32, look func() bool) bool
	// Sums may know checksums and hashes of images; nil knows none.
	Sums *recall.Sums
}

// Read fills p with raw cells: what esp_flash_read shows.
func (d *Device) Read(addr uint32, p []byte) error {
	if err := d.read(); err != nil {
		return err
	}
	d.Hardware.Flash.Read(addr, p)
	return nil
}

// ReadCached fills p with what the cache shows: decrypted where flash
// encryption is on (esp_partition_read of an encrypted partition).
func (d *Device) ReadCached(addr uint32, p []byte) error {
	if err := d.read(); err != nil {
		return err
	}
	d.Hardware.Cached().Read(addr, p)
	return nil
}

func (d *Device) read() error {
	if d.OnRead == nil {
		return nil
	}
	return d.OnRead()
}

// Erase erases whole sectors, one by one (esp_flash_erase_region of less than a
// block). Errors are those of flashmodel.
func (d *Device) Erase(addr, size uint32) error { return d.Hardware.Flash.EraseRange(addr, size) }

// Write programs bytes as they are (esp_flash_write).
func (d *Device) Write(addr uint32, data []byte) error { return d.Hardware.Flash.Program(addr, data) }

// WriteEncrypted programs bytes through the encryption block, and as they are
// while flash encryption is off (esp_flash_write_encrypted). Address and length
// have to be multiples of 16.
func (d *Device) WriteEncrypted(addr uint32, data []byte) error {
	cipher := d.Hardware.Cipher()
	if cipher == nil {
		return d.Write(addr, data)
	}
	b := make([]byte, len(data))
	if err := cipher.Encrypt(addr, b, data); err != nil {
		return err
	}
	return d.Write(addr, b)
}

// Burn sets eFuse bits of a block; see efuse.Set.Burn.
func (d *Device) Burn(block int, words []uint32) error { return d.Hardware.Efuses.Burn(block, words) }

// Table reads the partition table.
func (d *Device) Table() (*parttable.Table, error) {
	if err := d.read(); err != nil {
		return nil, err
	}
	return ota.Table(d.Hardware, d.TableOffset)
}

// OTA returns the component of ESP-IDF that the application is linked with.
func (d *Device) OTA(v idf.Version) (*ota.Component, error) {
	t, err := d.Table()
	if err != nil {
		return nil, err
	}
	c := ota.NewComponent(d.Hardware, t, v, d.Running.Slot)
	c.OnRead, c.Verifier, c.Sums = d.OnRead, d.OnVerify, d.Sums
	return c, nil
}

// StoreRTC puts something into RTC memory, where it stays until the power goes.
func (d *Device) StoreRTC(m RTC) {
	d.Memory = m
	if d.OnStore != nil {
		d.OnStore(m)
	}
}

// Mark tells that the program passes a point.
func (d *Device) Mark(m Mark) {
	if d.OnMark != nil {
		d.OnMark(m)
	}
}

// NothingError says that the offer has nothing for a device.
type NothingError struct{ What string }

// Error names what is missing.
func (e *NothingError) Error() string {
	return fmt.Sprintf("the release has no %s: name one for it", e.What)
}
