package ota

import (
	"github.com/bootsim/bootsim/flashmodel/otadata"
	"github.com/bootsim/bootsim/flashmodel/parttable"
)

// SetBootPartition is esp_ota_set_boot_partition: it verifies the image, and
// writes one entry to the sector that is not in use, or erases otadata to
// select the factory application (spec 5.1, 5.2).
func (c *Component) SetBootPartition(p parttable.Entry) error {
	if err := c.Verify(p); err != nil {
		return err
	}
	if p.Is(parttable.TypeApp, parttable.SubtypeFactory) {
		row, err := c.OTAData()
		if err != nil {
			return err
		}
		return c.EraseRange(row.Offset, row.Size)
	}
	if !p.IsOTA() {
		return &SlotError{Slot: p.Name(), Reason: "it is neither an OTA slot nor the factory application"}
	}
	if c.AntiRollback && c.has(hasStates) {
		if err := c.checkVersion(p); err != nil {
			return err
		}
	}
	return c.rewrite(int(p.Subtype - parttable.SubtypeOTA0))
}

// checkVersion erases a slot whose application is older than the eFuses allow.
func (c *Component) checkVersion(p parttable.Entry) error {
	desc, err := c.Description(p)
	switch {
	case err != nil:
		return err
	case desc == nil:
		return &SlotError{Slot: p.Name(), Reason: "the application has no descriptor, which anti-rollback needs"}
	case desc.SecureVersion >= c.Device.Efuses.SecureVersion():
		return nil
	}
	if err := c.EraseRange(p.Offset, sectors(p.Size)); err != nil {
		return err
	}
	return ErrSecureVersion
}

// rewrite is esp_rewrite_ota_data.
func (c *Component) rewrite(x int) error {
	pair, row, err := c.pair()
	if err != nil {
		return err
	}
	sector, seq, err := pair.Next(c.Era, uint32(len(c.Slots())), uint32(x))
	if err != nil {
		return err
	}
	e := pair[sector] // the label keeps what the sector held
	e.Seq, e.CRC = seq, otadata.CRC(seq)
	if c.has(hasStates) {
		e.State = otadata.StateUndefined
		if c.Rollback {
			e.State = otadata.StateNew
		}
	}
	return c.writeEntry(row, sector, e)
}

// State is esp_ota_get_state_partition: the state of the first entry that
// names a slot; not known where none does.
func (c *Component) State(slot int) (state otadata.State, known bool, err error) {
	n := uint32(len(c.Slots()))
	if slot < 0 || n == 0 {
		return 0, false, nil
	}
	pair, _, err := c.pair()
	if err != nil {
		return 0, false, err
	}
	for _, e := range pair {
		if e.CRCOK() && otadata.Slot(e.Seq, n) == uint32(slot) {
			return e.State, true, nil
		}
	}
	return 0, false, nil
}
