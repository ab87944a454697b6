package ota

import (
	"fmt"

	"github.com/bootsim/bootsim/flashmodel"
	"github.com/bootsim/bootsim/flashmodel/espimage"
	"github.com/bootsim/bootsim/flashmodel/otadata"
	"github.com/bootsim/bootsim/flashmodel/parttable"
)

// Sizes that Begin takes besides that of an image, in bytes.
const (
	SizeUnknown = 0          // erase the whole partition
	Sequential  = 0xFFFFFFFE // erase each sector right before it is written (v4.3 and later)
)

// Handle is an update under way (esp_ota_handle_t).
type Handle struct {
	c       *Component
	slot    parttable.Entry
	erases  bool // before it writes
	written uint32
	partial []byte // fewer than 16 bytes that wait for more, with flash encryption on
}

// Begin is esp_ota_begin: it erases what an image of size bytes needs, and from
// v5.5 on, if built with rollback, the otadata entry that is not in use. Errors
// are *SlotError, ErrUnconfirmed, and those of flash operations.
func (c *Component) Begin(slot parttable.Entry, size uint32) (*Handle, error) {
	if err := c.target(slot); err != nil {
		return nil, err
	}
	h := &Handle{c: c, slot: slot, erases: size == Sequential && c.has(sequential)}
	if !h.erases {
		if err := c.EraseRange(slot.Offset, c.eraseSize(slot, size)); err != nil {
			return nil, err
		}
	}
	if c.Rollback && c.has(invalidates) {
		// As there, nobody looks at whether that worked; what stops the machine counts.
		if err := c.eraseOther(true); err != nil && !isOwn(err) {
			return nil, err
		}
	}
	return h, nil
}

// target refuses what cannot be updated.
func (c *Component) target(slot parttable.Entry) error {
	if !slot.IsOTA() {
		return &SlotError{Slot: slot.Name(), Reason: "it is no OTA slot"}
	}
	if int(slot.Subtype-parttable.SubtypeOTA0) == c.Running {
		return &SlotError{Slot: slot.Name(), Reason: "the application that runs lies there"}
	}
	if !c.Rollback || !c.has(hasStates) {
		return nil
	}
	state, known, err := c.State(c.Running)
	if err == nil && known && state == otadata.StatePendingVerify {
		return ErrUnconfirmed
	}
	return err
}

// eraseSize is how much of the slot begin erases.
func (c *Component) eraseSize(slot parttable.Entry, size uint32) uint32 {
	if size == SizeUnknown || size == Sequential {
		return sectors(slot.Size)
	}
	if c.has(erasesWhole) {
		return (size/flashmodel.SectorSize + 1) * flashmodel.SectorSize
	}
	return sectors(size)
}

// EraseRange erases as the driver of the version does: by 64 KiB blocks where
// the address is a multiple of one, by sectors else
// (spi_flash_erase_range, esp_flash_erase_region). A range that does not lie in
// the chip is a *flashmodel.RangeError.
func (c *Component) EraseRange(addr, size uint32) error {
	if chip := c.Device.Flash.Size(); uint64(addr)+uint64(size) > uint64(chip) {
		return &flashmodel.RangeError{Addr: addr, Len: uint64(size), Size: chip}
	}
	block := uint32(flashmodel.Block64Size)
	for size > 0 {
		unit, n := flashmodel.OpEraseSector, uint32(flashmodel.SectorSize)
		if addr%block == 0 && (size > block || size == block && !c.has(erasesBlocksLate)) {
			unit, n = flashmodel.OpEraseBlock64, block
		}
		if err := c.Device.Flash.Erase(addr, unit); err != nil {
			return err
		}
		addr += n
		size -= min(n, size)
	}
	return nil
}

// Write is esp_ota_write: plaintext in pieces of any size. The first byte has
// to be that of an image, else it is ErrValidateFailed.
func (h *Handle) Write(data []byte) error {
	if len(data) == 0 {
		return nil
	}
	if uint64(h.written)+uint64(len(h.partial)+len(data)) > uint64(h.slot.Size) {
		return &SlotError{Slot: h.slot.Name(), Reason: fmt.Sprintf("the image is larger than the partition, 0x%x", h.slot.Size)}
	}
	if err := h.erase(uint32(len(data))); err != nil {
		return err
	}
	if h.written == 0 && len(h.partial) == 0 && data[0] != espimage.Magic {
		return ErrValidateFailed
	}
	if h.c.Device.Cipher() != nil {
		if len(h.partial) > 0 {
			data = append(h.partial, data...)
		}
		whole := len(data) &^ 15
		h.partial = append([]byte(nil), data[whole:]...)
		data = data[:whole]
	}
	return h.program(data)
}

// erase is what a sequential update erases before it writes n bytes: every
// sector of which these are the first bytes.
func (h *Handle) erase(n uint32) error {
	if !h.erases {
		return nil
	}
	const unit = flashmodel.SectorSize
	first := (h.written + unit - 1) / unit * unit
	end := (h.written + n + unit - 1) / unit * unit
	if first >= end {
		return nil
	}
	return h.c.EraseRange(h.slot.Offset+first, end-first)
}

func (h *Handle) program(data []byte) error {
	if err := h.c.writeEncrypted(h.slot.Offset+h.written, data); err != nil {
		return err
	}
	h.written += uint32(len(data))
	return nil
}

// End is esp_ota_end: it writes what waits, filled up with ones, and verifies.
// ErrValidateFailed for an image that would not start.
func (h *Handle) End() error {
	if len(h.partial) > 0 {
		if err := h.program(padded(h.partial)); err != nil {
			return err
		}
		h.partial = nil
	}
	return h.c.Verify(h.slot)
}
