package update

import (
	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/idf"
	"github.com/bootsim/bootsim/emu/ota"
	"github.com/bootsim/bootsim/flashmodel"
	"github.com/bootsim/bootsim/flashmodel/otadata"
	"github.com/bootsim/bootsim/flashmodel/parttable"
)

// Options is how the applications were built and what they make of an update.
type Options struct {
	IDF          idf.Version
	Rollback     bool // CONFIG_BOOTLOADER_APP_ROLLBACK_ENABLE
	AntiRollback bool // CONFIG_BOOTLOADER_APP_ANTI_ROLLBACK
	// Sequential erases sector by sector right before writing, as esp_https_ota
	// does by default from v4.3 on; the whole partition at once else.
	Sequential bool
	// RawOTAData is the mistake of the thread: the entry goes to flash as it is.
	RawOTAData bool
	// Shy never installs what was rolled back once, as ESP-IDF's examples do.
	Shy bool
}

// espOTA is the update that ESP-IDF's own calls make.
type espOTA struct {
	Options
	name string
	next verdict
}

// verdict is what a new application thinks of itself.
type verdict uint8

const (
	verdictGood    verdict = iota // it confirms itself
	verdictBad                    // it marks itself invalid
	verdictCrashes                // it resets before it can say so
)

// ESPOTA is esp_ota_begin, esp_ota_write, esp_ota_end,
// esp_ota_set_boot_partition and a restart; the new application confirms
// itself with esp_ota_mark_app_valid_cancel_rollback.
func ESPOTA(o Options) Updater { return espOTA{o, "esp-ota", verdictGood} }

// MarkInvalid is ESPOTA with an application that finds itself faulty and rolls
// back. The old one does not install it again.
func MarkInvalid(o Options) Updater {
	o.Shy = true
	return espOTA{o, "mark-invalid", verdictBad}
}

// Crash is ESPOTA with an application that resets before it confirms itself.
// The old one does not install it again.
func Crash(o Options) Updater {
	o.Shy = true
	return espOTA{o, "crash", verdictCrashes}
}

func (u espOTA) Name() string { return u.name }

// Run installs the update, or says what the new application thinks of itself.
func (u espOTA) Run(d *Device) error {
	c, err := component(d, u.Options)
	if err != nil {
		return err
	}
	if d.UpToDate {
		return u.judge(d, c)
	}
	if u.Shy {
		refused, err := rolledBack(d, c)
		if err != nil || refused {
			return err
		}
	}
	return u.install(d, c)
}

// component is what applications built with some options are linked with.
func component(d *Device, o Options) (*ota.Component, error) {
	c, err := d.OTA(o.IDF)
	if err == nil {
		c.Rollback, c.AntiRollback = o.Rollback, o.AntiRollback
	}
	return c, err
}

// judge is what the new application does.
func (u espOTA) judge(d *Device, c *ota.Component) error {
	switch {
	case u.next == verdictCrashes:
		return ErrRestart
	case u.next == verdictBad:
		if err := c.MarkInvalid(); err != nil {
			return err
		}
		return ErrRestart
	}
	return confirm(d, c)
}

// confirm keeps the application that runs, if it would be rolled back else.
func confirm(d *Device, c *ota.Component) error {
	if !c.Rollback || d.Running.Slot < 0 {
		return nil
	}
	d.Mark(MarkConfirming)
	if err := c.MarkValid(); err != nil {
		return err
	}
	d.Mark(MarkConfirmed)
	return nil
}

// rolledBack tells whether an entry was given up.
func rolledBack(d *Device, c *ota.Component) (bool, error) {
	row, err := c.OTAData()
	if err != nil {
		return false, err
	}
	if err := d.read(); err != nil {
		return false, err
	}
	for _, e := range ota.ReadPair(c.Device, row) {
		if e.CRCOK() && (e.State == otadata.StateAborted || e.State == otadata.StateInvalid) {
			return true, nil
		}
	}
	return false, nil
}

// install writes the update to the next slot and selects it.
func (u espOTA) install(d *Device, c *ota.Component) error {
	slot, err := nextSlot(d, c)
	if err != nil {
		return err
	}
	file, ok := d.Offer.For(slot.Name(), false)
	if !ok {
		return &NothingError{What: "plaintext application for " + slot.Name()}
	}
	if err := writeImage(c, slot, file.Data, u.Sequential); err != nil {
		return err
	}
	if err := c.SetBootPartition(slot); err != nil {
		return err
	}
	return ErrRestart
}

// nextSlot is where an update goes.
func nextSlot(d *Device, c *ota.Component) (parttable.Entry, error) {
	x, err := c.Next(d.Running.Slot)
	if err != nil {
		return parttable.Entry{}, err
	}
	return c.Slots()[x], nil
}

// writeImage is begin, write in pieces of a sector, and end.
func writeImage(c *ota.Component, slot parttable.Entry, data []byte, sequential bool) error {
	size := uint32(ota.SizeUnknown)
	if sequential {
		size = ota.Sequential
	}
	h, err := c.Begin(slot, size)
	if err != nil {
		return err
	}
	for len(data) > 0 {
		n := min(len(data), flashmodel.SectorSize)
		if err := h.Write(data[:n]); err != nil {
			return err
		}
		data = data[n:]
	}
	return h.End()
}

// isFactory tells whether the factory application runs.
func isFactory(d *Device) bool { return d.Running.Slot == emu.SlotFactory }
