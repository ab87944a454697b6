package update

import (
	"github.com/bootsim/bootsim/emu/ota"
	"github.com/bootsim/bootsim/flashmodel"
	"github.com/bootsim/bootsim/flashmodel/otadata"
	"github.com/bootsim/bootsim/flashmodel/parttable"
)

// rawWriter installs ciphertext that the host made, as it is, with a copy of
// the component whose write was replaced.
type rawWriter struct {
	Options
	name string
	// viaFactory: the factory application alone updates; the others start it.
	viaFactory bool
}

// SDCard is the update of the forum thread: the factory application reads a
// file, encrypted on the host for the only slot's address, from an SD card and
// writes it raw; the otadata entry goes through the encrypting write, unless
// Options.RawOTAData repeats the mistake.
func SDCard(o Options) Updater {
	name := "sd-card"
	if o.RawOTAData {
		name = "sd-card-raw-otadata"
	}
	return rawWriter{Options: o, name: name, viaFactory: true}
}

// ServerSlot is the thread's first proposal: the device tells the server which
// slot it needs and gets the ciphertext for that.
func ServerSlot(o Options) Updater { return rawWriter{Options: o, name: "server-slot"} }

// Bundle is the thread's second proposal: one file holds the ciphertext for
// every slot, and the device passes over what it does not need. What reaches
// flash is what ServerSlot writes.
func Bundle(o Options) Updater { return rawWriter{Options: o, name: "bundle"} }

func (u rawWriter) Name() string { return u.name }

// Run installs the update.
func (u rawWriter) Run(d *Device) error {
	c, err := component(d, u.Options)
	if err != nil {
		return err
	}
	if d.UpToDate {
		return confirm(d, c)
	}
	if u.viaFactory && !isFactory(d) {
		return startFactory(c)
	}
	slot, err := nextSlot(d, c)
	if err != nil {
		return err
	}
	if err := u.write(d, c, slot); err != nil {
		return err
	}
	if u.RawOTAData {
		err = rawEntry(d, c, int(slot.Subtype-parttable.SubtypeOTA0))
	} else {
		err = c.SetBootPartition(slot)
	}
	if err != nil {
		return err
	}
	return ErrRestart
}

// startFactory selects the factory application, which updates.
func startFactory(c *ota.Component) error {
	p, ok := c.Table.Factory()
	if !ok {
		return &ota.SlotError{Slot: "factory", Reason: "the table has no factory application, which alone updates here"}
	}
	if err := c.SetBootPartition(p); err != nil {
		return err
	}
	return ErrRestart
}

// write is begin, the raw write, and end, which verifies through the cache.
func (u rawWriter) write(d *Device, c *ota.Component, slot parttable.Entry) error {
	file, ok := d.Offer.For(slot.Name(), true)
	if !ok && d.Hardware.Cipher() == nil {
		file, ok = d.Offer.For(slot.Name(), false)
	}
	if !ok {
		return &NothingError{What: "ciphertext made for " + slot.Name()}
	}
	if uint64(len(file.Data)) > uint64(slot.Size) {
		return &ota.SlotError{Slot: slot.Name(), Reason: "the file is larger than the partition"}
	}
	if _, err := c.Begin(slot, ota.SizeUnknown); err != nil {
		return err
	}
	if err := d.Write(slot.Offset, file.Data); err != nil {
		return err
	}
	return c.Verify(slot)
}

// rawEntry is esp_rewrite_ota_data with the replaced write.
func rawEntry(d *Device, c *ota.Component, x int) error {
	row, err := c.OTAData()
	if err != nil {
		return err
	}
	pair := ota.ReadPair(c.Device, row)
	sector, seq, err := pair.Next(c.Era, uint32(len(c.Slots())), uint32(x))
	if err != nil {
		return err
	}
	at := row.Offset + uint32(sector)*flashmodel.SectorSize
	if err := d.Erase(at, flashmodel.SectorSize); err != nil {
		return err
	}
	b := otadata.New(seq, otadata.StateUndefined).Encode()
	return d.Write(at, b[:])
}
