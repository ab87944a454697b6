package model

import (
	"math/bits"

	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/bootloader"
	"github.com/bootsim/bootsim/flashmodel"
	"github.com/bootsim/bootsim/flashmodel/espimage"
)

// fieldedEntry is an entry point as bootloaders have it. Nothing jumps there.
const fieldedEntry = 0x40080400

// placeHeader puts the image header of the bootloader in the field where that
// bootloader reads the flash size from: the size of the chip, as if it had been
// built for it.
func placeHeader(d *emu.Device) error {
	if !d.Flash.Erased(bootloader.ImageAddress, flashmodel.PageSize) {
		return nil
	}
	h := espimage.DefaultHeader(fieldedEntry)
	h.MaxRevFull, h.HashAppended = 0, 0
	h.SpeedSize = uint8(bits.TrailingZeros32(d.Flash.Size()>>20)) << 4
	raw := h.Encode()
	unit := append(raw[:], make([]byte, 8)...)
	if c := d.Cipher(); c != nil {
		if err := c.Encrypt(bootloader.ImageAddress, unit, unit); err != nil {
			return err
		}
	}
	return d.Flash.Place(bootloader.ImageAddress, unit)
}
