package simchip

import (
	"github.com/spf13/afero"

	"github.com/bootsim/bootsim/bootsim/tool/cli"
	"github.com/bootsim/bootsim/emu/efuse"
	"github.com/bootsim/bootsim/flashmodel/crypt"
)

// maxDump bounds an eFuse dump, maxKey a key file, in bytes.
const (
	maxDump = 1 << 20
	maxKey  = 32
)

// openFuses reads the eFuses and puts the host's key where they hide theirs.
func (c *Chip) openFuses(f Files) error {
	c.Fuses = efuse.New()
	if f.Efuses != "" {
		if err := c.readDump(f.Efuses); err != nil {
			return err
		}
	}
	if f.Key == "" {
		return nil
	}
	b, err := c.read(f.Key, maxKey, "a key file has 32 or 24 bytes")
	if err != nil {
		return err
	}
	k, err := crypt.ParseKey(b)
	if err != nil {
		return &Error{File: f.Key, Reason: "not a flash encryption key", Err: err}
	}
	return c.place(k, f.Key)
}

func (c *Chip) readDump(name string) error {
	b, err := c.read(name, maxDump, "an eFuse dump has less than 1 MB")
	if err != nil {
		return err
	}
	d, err := efuse.ParseDump(b)
	if err != nil {
		return &Error{File: name, Reason: "not an eFuse dump", Err: err}
	}
	c.Fuses, c.keyHidden = d.Set, d.Hidden[1]
	c.apb = d.APBRevision
	if !d.APBKnown {
		c.apb = c.Fuses.Revision(true).Major == 3
	}
	return nil
}

// place puts the host's key into BLOCK1 if the dump hides what is there. A key
// that the dump does show has to be the same.
func (c *Chip) place(k crypt.Key, name string) error {
	if !c.keyHidden {
		if c.Fuses.KeyState(1) == efuse.KeyReadable && !k.Equal(c.Fuses.HardwareFlashKey()) {
			return &Error{File: name, Reason: "not the key in BLOCK1 of the eFuse file, under which the chip encrypts: leave out --keyfile"}
		}
		return nil
	}
	if err := c.Fuses.PlaceFlashKey(k); err != nil {
		return &Error{File: name, Reason: "cannot be the key of this chip", Err: err}
	}
	c.keyHidden = false
	return nil
}

func (c *Chip) read(name string, limit int64, hint string) ([]byte, error) {
	info, err := c.fs.Stat(name)
	if err == nil && (info.IsDir() || info.Size() > limit) {
		return nil, &Error{File: name, Reason: hint}
	}
	if err == nil {
		var b []byte
		if b, err = afero.ReadFile(c.fs, name); err == nil {
			return b, nil
		}
	}
	return nil, &Error{File: name, Reason: "cannot be read: " + cli.Reason(err)}
}
