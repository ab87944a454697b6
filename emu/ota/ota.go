// Package ota is the application's side of an update: what esp_ota_begin,
// esp_ota_write, esp_ota_set_boot_partition and esp_ota_get_next_update_partition
// leave in flash (spec section 5, components/app_update/esp_ota_ops.c).
package ota

import (
	"fmt"

	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/flashmodel"
	"github.com/bootsim/bootsim/flashmodel/crypt"
	"github.com/bootsim/bootsim/flashmodel/otadata"
	"github.com/bootsim/bootsim/flashmodel/parttable"
)

// App is the running application as far as an update concerns it.
type App struct {
	Device   *emu.Device
	Table    *parttable.Table
	Era      otadata.Era
	Rollback bool // built with CONFIG_BOOTLOADER_APP_ROLLBACK_ENABLE: new entries are NEW
}

// SlotError says that an update cannot have the target asked for.
type SlotError struct {
	Slot   string
	Reason string
}

func (e *SlotError) Error() string { return fmt.Sprintf("partition %s: %s", e.Slot, e.Reason) }

// Slots returns ota_0, ota_1, … up to the first gap: the application counts
// them so, unlike the bootloader, which counts rows (spec 2.6).
func (a *App) Slots() []parttable.Entry {
	var slots []parttable.Entry
	for {
		e, ok := a.slot(uint8(len(slots)))
		if !ok {
			return slots
		}
		slots = append(slots, e)
	}
}

func (a *App) slot(n uint8) (parttable.Entry, bool) {
	for _, e := range a.Table.Entries {
		if n < 16 && e.Type == parttable.TypeApp && e.Subtype == parttable.SubtypeOTA0+n {
			return e, true
		}
	}
	return parttable.Entry{}, false
}

// Next returns the index of the slot that an update from the running one
// goes to: the one after it, or ota_0 from factory and test
// (esp_ota_get_next_update_partition). There is none when the running slot is
// the only one.
func (a *App) Next(running int) (int, error) {
	n := len(a.Slots())
	switch {
	case n == 0:
		return 0, &SlotError{Slot: "ota_0", Reason: "the table has no OTA slot to update"}
	case running < 0:
		return 0, nil
	case n == 1:
		return 0, &SlotError{Slot: "ota_0", Reason: "it is running and it is the only OTA slot: nothing to update to"}
	}
	return (running + 1) % n, nil
}

// Write erases the slot and writes data into it: as it is when raw, through
// the encrypting write otherwise. The tail of the last 16 bytes is filled with
// ones, as esp_ota_end does.
func (a *App) Write(slot parttable.Entry, data []byte, raw bool) error {
	if uint64(len(data)) > uint64(slot.Size) {
		return &SlotError{Slot: slot.Name(), Reason: fmt.Sprintf("the file has %d bytes, the partition 0x%x", len(data), slot.Size)}
	}
	if err := a.Device.Flash.EraseRange(slot.Offset, sectors(slot.Size)); err != nil {
		return err
	}
	if raw {
		return a.Device.Flash.Program(slot.Offset, data)
	}
	return a.writeEncrypted(slot.Offset, data)
}

func sectors(size uint32) uint32 {
	return (size + flashmodel.SectorSize - 1) &^ (flashmodel.SectorSize - 1)
}

func (a *App) writeEncrypted(addr uint32, data []byte) error {
	cipher := a.Device.Cipher()
	if cipher == nil {
		return a.Device.Flash.Program(addr, data)
	}
	whole := len(data) &^ 15
	if err := a.Device.Flash.ProgramSealed(addr, data[:whole], cipher, cipher.ID()); err != nil || whole == len(data) {
		return err
	}
	return a.Device.Flash.ProgramSealed(addr+uint32(whole), padded(data[whole:]), cipher, cipher.ID())
}

func padded(data []byte) []byte {
	b := append([]byte(nil), data...) // not zeroed first
	for len(b)%16 != 0 {
		b = append(b, 0xFF)
	}
	return b
}

// SetBoot makes slot x the one to boot, as esp_ota_set_boot_partition does:
// one entry in the sector that is not in use (spec 5.2).
func (a *App) SetBoot(x int) error {
	data, ok := a.Table.OTAData()
	if !ok {
		return &SlotError{Slot: "otadata", Reason: "the table has no otadata partition: an update cannot be selected"}
	}
	pair := ReadPair(a.Device, data)
	seq, sector := uint32(x)+1, 0
	if active := pair.Active(a.Era); active >= 0 {
		next, err := otadata.NextSeq(pair[active].Seq, uint32(len(a.Slots())), uint32(x))
		if err != nil {
			return err
		}
		seq, sector = next, 1-active
	}
	state := otadata.StateUndefined
	if a.Rollback {
		state = otadata.StateNew
	}
	return a.writeEntry(data, sector, otadata.New(seq, state))
}

// writeEntry erases one sector of otadata and writes its entry, encrypted when
// flash encryption is on.
func (a *App) writeEntry(data parttable.Entry, sector int, e otadata.Entry) error {
	addr := data.Offset + uint32(sector)*flashmodel.SectorSize
	if err := a.Device.Flash.EraseRange(addr, flashmodel.SectorSize); err != nil {
		return err
	}
	raw := e.Encode()
	return a.writeEncrypted(addr, raw[:])
}

// Confirm marks the running slot's entry valid, in place, as
// esp_ota_mark_app_valid_cancel_rollback does (spec 5.1).
func (a *App) Confirm() error {
	data, ok := a.Table.OTAData()
	if !ok {
		return nil
	}
	pair := ReadPair(a.Device, data)
	active := pair.Active(a.Era)
	if active < 0 || pair[active].State == otadata.StateValid {
		return nil
	}
	e := pair[active]
	e.State = otadata.StateValid
	return a.writeEntry(data, active, e)
}

// ReadPair returns both otadata entries as software sees them.
func ReadPair(d *emu.Device, data parttable.Entry) otadata.Pair {
	return PairIn(d.Cached(), data)
}

// PairIn returns both otadata entries as r shows them.
func PairIn(r flashmodel.Reader, data parttable.Entry) otadata.Pair {
	var pair otadata.Pair
	for i := range pair {
		var b [32]byte
		r.Read(data.Offset+uint32(i)*flashmodel.SectorSize, b[:])
		pair[i] = otadata.Decode(b[:])
	}
	return pair
}

// Table reads the partition table as the running application sees it.
func Table(d *emu.Device, offset uint32) (*parttable.Table, error) {
	return TableIn(crypt.NewView(d.Flash, d.Cipher()), offset)
}

// TableIn reads the partition table at offset of r.
func TableIn(r flashmodel.Reader, offset uint32) (*parttable.Table, error) {
	b := make([]byte, parttable.MaxLength)
	r.Read(offset, b)
	return parttable.Decode(b)
}
