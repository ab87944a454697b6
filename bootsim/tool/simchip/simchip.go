// Package simchip is the chip at the other end of the flash tools' wire: a
// classic ESP32 whose flash is a file and whose eFuses are a dump. Flash is
// changed by erasing and programming only, through package flashmodel; eFuses
// are never written.
package simchip

import (
	"fmt"

	"github.com/spf13/afero"

	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/efuse"
	"github.com/bootsim/bootsim/flashmodel"
	"github.com/bootsim/bootsim/flashmodel/crypt"
)

// Files are what a chip is made of.
type Files struct {
	Flash string // image of the whole flash
	// FlashSize is the chip's size in bytes for a flash file that does not exist
	// yet or holds only the beginning; 0 to go by the file, which then has the
	// size of a chip.
	FlashSize uint32
	Efuses    string // any dump that package efuse reads; "" for a blank chip
	Key       string // key file, the host's copy, for a dump that hides the key; "" for none
}

// Chip is a simulated chip.
type Chip struct {
	Flash *flashmodel.Flash
	Fuses *efuse.Set

	fs        afero.Fs
	name      string
	stored    int64 // bytes of the flash file; -1 if there is none
	before    *flashmodel.Flash
	apb       bool
	keyHidden bool
	attached  bool // to a device: there is no flash file
}

// Error tells why there is no chip, and what to do about it.
type Error struct {
	File   string
	Reason string
	Err    error // what caused it, or nil
}

// Error names the file.
func (e *Error) Error() string {
	text := e.Reason
	if e.File != "" {
		text = e.File + ": " + text
	}
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	return text
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Open makes a chip of files. Errors: *Error.
func Open(fs afero.Fs, f Files) (*Chip, error) {
	c := &Chip{fs: fs, name: f.Flash}
	if err := c.openFlash(f); err != nil {
		return nil, err
	}
	if err := c.openFuses(f); err != nil {
		return nil, err
	}
	return c, nil
}

// Attached is a device as a chip. What happens to the chip happens to the
// device, and no file is read or written.
func Attached(d *emu.Device) *Chip {
	return &Chip{Flash: d.Flash, Fuses: d.Efuses, name: "the simulated device", before: d.Flash.Fork(), apb: d.APBRevision, attached: true}
}

// Name returns the name of the flash file.
func (c *Chip) Name() string { return c.name }

// Revision returns the chip's revision. The third revision bit is in no dump
// but a summary; chips that have both others burnt are taken for v3, the only
// ones sold of that kind.
func (c *Chip) Revision() efuse.Revision { return c.Fuses.Revision(c.apb) }

// Cipher returns the encryption that the chip's hardware does: under the key in
// BLOCK1 and FLASH_CRYPT_CONFIG, whatever they hold. The error tells that the
// dump hides the key and no key file was named.
func (c *Chip) Cipher() (*crypt.Cipher, error) {
	if c.keyHidden {
		return nil, &Error{Reason: "the key in BLOCK1 is read-protected, so that the eFuse file does not hold it: " +
			"name the host's copy of the key with --keyfile"}
	}
	return crypt.New(c.Fuses.HardwareFlashKey(), c.Fuses.CryptConfig()), nil
}

// sizeText writes a flash size as the tools do.
func sizeText(bytes uint32) string { return fmt.Sprintf("%dMB", bytes>>20) }

// SizeText returns the size of the flash, such as "4MB".
func (c *Chip) SizeText() string { return sizeText(c.Flash.Size()) }
