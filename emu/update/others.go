package update

import (
	"github.com/bootsim/bootsim/flashmodel"
)

// Idle is an application that never updates: what the bootloader writes by
// itself is all that happens. With Options.Rollback it confirms itself.
func Idle(o Options) Updater {
	return Func("idle", func(d *Device) error {
		c, err := component(d, o)
		if err != nil {
			return err
		}
		return confirm(d, c)
	})
}

// FactoryReset is an application that goes back to the factory application by
// erasing otadata; that one stays.
func FactoryReset(o Options) Updater {
	return Func("factory-reset", func(d *Device) error {
		if isFactory(d) {
			return nil
		}
		c, err := component(d, o)
		if err != nil {
			return err
		}
		return startFactory(c)
	})
}

// ReplaceTable is an application that writes another partition table over the
// one in use, which ESP-IDF's documentation warns of.
func ReplaceTable(Options) Updater {
	return Func("replace-table", func(d *Device) error {
		if d.Offer.Table == nil {
			return &NothingError{What: "partition table"}
		}
		return replace(d, d.TableOffset, d.Offer.Table)
	})
}

// bootloaderAddress is fixed by the ROM.
const bootloaderAddress = 0x1000

// ReplaceBootloader is an application that writes another bootloader over the
// one in use.
func ReplaceBootloader(Options) Updater {
	return Func("replace-bootloader", func(d *Device) error {
		if d.Offer.Bootloader == nil {
			return &NothingError{What: "bootloader"}
		}
		return replace(d, bootloaderAddress, d.Offer.Bootloader)
	})
}

// replace overwrites what lies at an address unless it is there already.
func replace(d *Device, addr uint32, data []byte) error {
	b := make([]byte, (len(data)+15)&^15)
	for i := copy(b, data); i < len(b); i++ {
		b[i] = 0xFF
	}
	have := make([]byte, len(b))
	if err := d.ReadCached(addr, have); err != nil {
		return err
	}
	if string(have) == string(b) {
		return nil
	}
	size := (uint32(len(b)) + flashmodel.SectorSize - 1) &^ (flashmodel.SectorSize - 1)
	if err := d.Erase(addr, size); err != nil {
		return err
	}
	if err := d.WriteEncrypted(addr, b); err != nil {
		return err
	}
	return ErrRestart
}
