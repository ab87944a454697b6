package ota

import (
	"errors"

	"github.com/bootsim/bootsim/emu/efuse"
	"github.com/bootsim/bootsim/flashmodel"
	"github.com/bootsim/bootsim/flashmodel/otadata"
)

// MarkValid is esp_ota_mark_app_valid_cancel_rollback: the entry in use is
// rewritten in its place as VALID, which for a moment leaves none. With
// anti-rollback the application's secure_version is burnt after that.
func (c *Component) MarkValid() error {
	pair, row, err := c.pair()
	if err != nil {
		return err
	}
	active := pair.Active(c.Era)
	if active == otadata.None || pair[active].State == otadata.StateValid {
		return nil
	}
	pair[active].State = otadata.StateValid
	if err := c.writeEntry(row, active, pair[active]); err != nil {
		return err
	}
	if !c.AntiRollback {
		return nil
	}
	return c.burnVersion()
}

// burnVersion is esp_ota_set_anti_rollback: it sets the bits of SECURE_VERSION
// that the running application's version has more.
func (c *Component) burnVersion() error {
	p, ok := c.slot(uint8(c.Running))
	if c.Running < 0 || !ok {
		return nil
	}
	desc, err := c.Description(p)
	have := c.Device.Efuses.SecureVersion()
	if err != nil || desc == nil || desc.SecureVersion <= have || desc.SecureVersion > 32 ||
		c.Device.Efuses.CodingScheme() != efuse.CodingNone {
		return err
	}
	words := make([]uint32, secureVersionWord+1)
	words[secureVersionWord] = uint32(uint64(1)<<desc.SecureVersion - uint64(1)<<have)
	return c.Device.Efuses.Burn(3, words)
}

// secureVersionWord is the word of BLOCK3 that holds SECURE_VERSION.
const secureVersionWord = 4

// MarkInvalid is esp_ota_mark_app_invalid_rollback: the entry in use is
// rewritten as INVALID if another application could run. The caller restarts.
func (c *Component) MarkInvalid() error {
	pair, row, err := c.pair()
	if err != nil {
		return err
	}
	active := pair.Active(c.Era)
	if active == otadata.None {
		return &SlotError{Slot: "otadata", Reason: "no entry is in use: the factory application runs"}
	}
	if possible, err := c.canRollBack(pair[1-active]); err != nil || !possible {
		return errors.Join(err, ErrRollbackFailed)
	}
	pair[active].State = otadata.StateInvalid
	return c.writeEntry(row, active, pair[active])
}

// canRollBack tells whether the application of the other entry, or the factory
// application where that entry is of no use, would start.
func (c *Component) canRollBack(other otadata.Entry) (bool, error) {
	p, ok := c.Table.Factory()
	if c.Era.Good(other) {
		p, ok = c.slot(uint8(otadata.Slot(other.Seq, uint32(len(c.Slots())))))
	} else if c.AntiRollback {
		return false, nil
	}
	if !ok {
		return false, nil
	}
	if err := c.Verify(p); err != nil {
		return false, notValidated(err)
	}
	if !c.AntiRollback {
		return true, nil
	}
	desc, err := c.Description(p)
	return desc != nil && desc.SecureVersion >= c.Device.Efuses.SecureVersion(), err
}

// notValidated keeps errors other than that of a bad image.
func notValidated(err error) error {
	if errors.Is(err, ErrValidateFailed) {
		return nil
	}
	return err
}

// EraseLastBootApp is esp_ota_erase_last_boot_app_partition: it erases the
// application that the other entry names, and then that entry.
// ErrNothingToErase where there is none, or it runs.
func (c *Component) EraseLastBootApp() error { return c.eraseOther(false) }

func (c *Component) eraseOther(entryOnly bool) error {
	pair, row, err := c.pair()
	if err != nil {
		return err
	}
	active, n := pair.Active(c.Era), uint32(len(c.Slots()))
	if active == otadata.None || n == 0 {
		return ErrNothingToErase
	}
	other := pair[1-active]
	if other.Erased() || !other.CRCOK() || int(otadata.Slot(other.Seq, n)) == c.Running {
		return ErrNothingToErase
	}
	if !entryOnly {
		p, _ := c.slot(uint8(otadata.Slot(other.Seq, n)))
		if err := c.EraseRange(p.Offset, sectors(p.Size)); err != nil {
			return err
		}
	}
	return c.Device.Flash.Erase(row.Offset+uint32(1-active)*flashmodel.SectorSize, flashmodel.OpEraseSector)
}

// isOwn tells errors of this package's rules from those that stop the machine.
func isOwn(err error) bool { return errors.Is(err, ErrNothingToErase) }
