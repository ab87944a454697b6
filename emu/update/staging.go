package update

import (
	"github.com/bootsim/bootsim/emu/ota"
	"github.com/bootsim/bootsim/flashmodel"
	"github.com/bootsim/bootsim/flashmodel/espimage"
	"github.com/bootsim/bootsim/flashmodel/parttable"
)

// staging is the thread's third proposal.
type staging struct{ Options }

// Staging is the thread's third proposal, for two slots: the application in the
// main slot ota_0 loads ciphertext made for the staging slot ota_1, and starts
// it; there it copies itself to the main slot, writing each sector as plaintext
// and encrypting it in place right after, as esp_flash_encrypt_region does, and
// starts that.
func Staging(o Options) Updater { return staging{o} }

func (staging) Name() string { return "staging" }

// The slots of Staging.
const (
	mainSlot    = 0
	stagingSlot = 1
)

// Run does the half of the update that belongs to the slot that runs.
func (u staging) Run(d *Device) error {
	c, err := component(d, u.Options)
	if err != nil {
		return err
	}
	slots := c.Slots()
	switch {
	case len(slots) < 2:
		return &ota.SlotError{Slot: "ota_1", Reason: "a staging slot is needed beside the main one"}
	case d.UpToDate && d.Running.Slot == mainSlot:
		return confirm(d, c)
	case d.Running.Slot == stagingSlot && d.UpToDate:
		return u.copyToMain(d, c, slots[stagingSlot], slots[mainSlot])
	case d.Running.Slot == stagingSlot:
		return u.leave(c, slots[mainSlot])
	}
	w := rawWriter{Options: u.Options}
	if err := w.write(d, c, slots[stagingSlot]); err != nil {
		return err
	}
	return u.leave(c, slots[stagingSlot])
}

// leave starts the application of another slot.
func (u staging) leave(c *ota.Component, to parttable.Entry) error {
	if err := c.SetBootPartition(to); err != nil {
		return err
	}
	return ErrRestart
}

func (u staging) copyToMain(d *Device, c *ota.Component, from, to parttable.Entry) error {
	if err := confirm(d, c); err != nil {
		return err
	}
	if err := CopyApp(d, from, to); err != nil {
		return err
	}
	return u.leave(c, to)
}

// CopyApp copies the application in one partition to another, sector by sector:
// plaintext first, encrypted in place after that.
func CopyApp(d *Device, from, to parttable.Entry) error {
	length, err := imageLength(d, from)
	if err != nil {
		return err
	}
	b := make([]byte, flashmodel.SectorSize)
	for at := uint32(0); at < length; at += flashmodel.SectorSize {
		if err := d.ReadCached(from.Offset+at, b); err != nil {
			return err
		}
		if err := d.Erase(to.Offset+at, flashmodel.SectorSize); err != nil {
			return err
		}
		if err := d.Write(to.Offset+at, b); err != nil {
			return err
		}
		if err := encryptSector(d, to.Offset+at); err != nil {
			return err
		}
	}
	return nil
}

// encryptSector is esp_flash_encrypt_region of one sector: read raw, erase,
// write encrypted. Without flash encryption there is nothing to do.
func encryptSector(d *Device, at uint32) error {
	if d.Hardware.Cipher() == nil {
		return nil
	}
	b := make([]byte, flashmodel.SectorSize)
	if err := d.Read(at, b); err != nil {
		return err
	}
	if err := d.Erase(at, flashmodel.SectorSize); err != nil {
		return err
	}
	return d.WriteEncrypted(at, b)
}

// imageLength is how many bytes of a partition the application in it takes.
func imageLength(d *Device, p parttable.Entry) (uint32, error) {
	var failed error
	n, err := espimage.LengthOf(func(at uint32, b []byte) {
		if err := d.ReadCached(p.Offset+at, b); err != nil {
			failed = err
		}
	}, p.Size)
	if failed != nil {
		return 0, failed
	}
	return n, err
}
