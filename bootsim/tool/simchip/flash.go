package simchip

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/spf13/afero"

	"github.com/bootsim/bootsim/bootsim/tool/cli"
	"github.com/bootsim/bootsim/flashmodel"
)

const sizeHint = "name the size of the chip with --flash-file-size 1MB, 2MB, 4MB, 8MB or 16MB"

// openFlash reads the flash file, or makes an erased chip for a new one.
func (c *Chip) openFlash(f Files) error {
	if f.Flash == "" {
		return &Error{Reason: "no chip to talk to: bootsim has no serial port; " +
			"name the image of a simulated chip's flash with --flash-file FILE (or BOOTSIM_FLASH_FILE in the environment)"}
	}
	content, err := c.content(f)
	if err != nil {
		return err
	}
	size := f.FlashSize
	if size == 0 {
		size = uint32(len(content))
	}
	if c.Flash, err = flashmodel.New(size); err != nil {
		return &Error{File: f.Flash, Reason: fmt.Sprintf("its %d bytes are no size of a flash chip: ", len(content)) + sizeHint}
	}
	if err := c.Flash.Place(0, content); err != nil {
		return &Error{File: f.Flash, Reason: fmt.Sprintf("its %d bytes are more than --flash-file-size %s", len(content), sizeText(size))}
	}
	c.before = c.Flash.Fork()
	return nil
}

// content returns what the flash file holds; nothing of a new one.
func (c *Chip) content(f Files) ([]byte, error) {
	c.stored = -1
	info, err := c.fs.Stat(f.Flash)
	if errors.Is(err, fs.ErrNotExist) {
		if f.FlashSize == 0 {
			return nil, &Error{File: f.Flash, Reason: "there is no such file; to make an erased chip, " + sizeHint}
		}
		return nil, nil
	}
	if err == nil && (info.IsDir() || info.Size() > flashmodel.MaxSize) {
		return nil, &Error{File: f.Flash, Reason: "not a flash image: want a file of at most 16 MB"}
	}
	if err == nil {
		var b []byte
		b, err = afero.ReadFile(c.fs, f.Flash)
		c.stored = int64(len(b))
		if err == nil {
			return b, nil
		}
	}
	return nil, &Error{File: f.Flash, Reason: "cannot be read: " + cli.Reason(err)}
}

// Save stores what happened to the flash: the sectors that changed, or the
// whole of a flash file that was not complete. A chip to which nothing happened
// leaves its file alone. Errors: *Error.
func (c *Chip) Save() error {
	changed := c.Flash.ChangedSectors(c.before)
	switch {
	case len(changed) == 0, c.attached:
		return nil
	case c.stored != int64(c.Flash.Size()):
		return c.saveAll()
	}
	f, err := c.fs.OpenFile(c.name, os.O_RDWR, 0)
	if err != nil {
		return c.notSaved(err)
	}
	var sector [flashmodel.SectorSize]byte
	for _, addr := range changed {
		c.Flash.Read(addr, sector[:])
		if _, err = f.WriteAt(sector[:], int64(addr)); err != nil {
			break
		}
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return c.notSaved(err)
	}
	c.before = c.Flash.Fork()
	return nil
}

// Create makes the flash file if there is none yet, and completes one that
// holds only the beginning.
func (c *Chip) Create() error {
	if c.attached || c.stored == int64(c.Flash.Size()) {
		return c.Save()
	}
	return c.saveAll()
}

func (c *Chip) saveAll() error {
	b := make([]byte, c.Flash.Size())
	c.Flash.Read(0, b)
	if err := afero.WriteFile(c.fs, c.name, b, 0o644); err != nil {
		return c.notSaved(err)
	}
	c.stored, c.before = int64(len(b)), c.Flash.Fork()
	return nil
}

func (c *Chip) notSaved(err error) error {
	return &Error{File: c.name, Reason: "cannot be written: " + cli.Reason(err), Err: err}
}
