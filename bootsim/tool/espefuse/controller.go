package espefuse

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"strconv"

	"github.com/spf13/afero"

	"github.com/bootsim/bootsim/bootsim/tool/cli"
	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/efuse"
)

// controller is a virtual eFuse controller whose registers live in a file. It
// does what the reference's does: the read registers are all that there is, so
// a key that becomes unreadable is gone from the file.
type controller struct {
	registers
	env   cli.Env
	path  string // "" to forget everything at the end
	debug bool
	chip  *emu.Device // what the registers stand for instead of a file; nil: a file
}

// deviceController is the controller of a device: it burns what it is told to,
// and its registers show what software reads afterwards.
func deviceController(env cli.Env, debug bool) *controller {
	c := &controller{env: env, debug: debug, chip: env.Device}
	c.refresh()
	return c
}

// refresh makes the read registers hold what the device shows.
func (c *controller) refresh() { copy(c.registers[:], reversed(c.chip.Efuses.Virtual())) }

// burnDevice burns the write registers, BLOCK3 first, as the controller is told
// to for each block in turn.
func (c *controller) burnDevice() error {
	defer c.refresh()
	for block := efuse.BlockCount - 1; block >= 0; block-- {
		words := make([]uint32, registerBytes(block)/4)
		written := uint32(0)
		for i := range words {
			words[i] = c.word(writeAt(block) + 4*i)
			written |= words[i]
		}
		if written == 0 {
			continue
		}
		if err := c.chip.Efuses.Burn(block, words); err != nil {
			return cli.Fatalf("BLOCK%d: %v", block, err)
		}
	}
	return nil
}

// openController reads the registers. A file that is missing or empty becomes a
// blank chip. One of another size is not a virtual eFuse file and stays as it
// is: the reference adds a chip's zeros to a shorter one, and keeps the head of
// a longer one.
func openController(env cli.Env, path string, debug bool) (*controller, error) {
	c := &controller{env: env, path: path, debug: debug}
	if path == "" {
		return c, nil
	}
	if dir, err := afero.IsDir(env.FS, path); err == nil && dir {
		return nil, cli.Brokenf("%s is a directory: name a file for the virtual eFuses with --path-efuse-file", path)
	}
	file, err := readHead(env.FS, path)
	switch {
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return nil, cli.Brokenf("cannot read the virtual eFuse file %s: %s", path, cli.Reason(err))
	case len(file) == 0:
		return c, c.makeBlank()
	case len(file) != regSize:
		return nil, otherSize(env, path)
	}
	copy(c.registers[:], reversed(file))
	return c, nil
}

// otherSize is the error about a file that is no virtual eFuse file, which
// --path-efuse-file or the environment names.
func otherSize(env cli.Env, path string) error {
	size := "another number of"
	if info, err := env.FS.Stat(path); err == nil && info.Size() != 0 {
		size = strconv.FormatInt(info.Size(), 10)
	}
	return cli.Fatalf("%s has %s bytes and a virtual eFuse file (--path-efuse-file, or %s) %d: it stays as it is. "+
		"Name another, or a file that does not exist for a blank chip", path, size, envFile, regSize)
}

// readHead reads as much as a virtual eFuse file has, and a byte more that tells
// longer files apart.
func readHead(fsys afero.Fs, path string) ([]byte, error) {
	f, err := fsys.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	return io.ReadAll(io.LimitReader(f, regSize+1))
}

// makeBlank writes the zeros of a blank chip, to a file that has no content yet.
func (c *controller) makeBlank() error {
	f, err := c.env.FS.OpenFile(c.path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o666)
	if err != nil {
		return c.unwritable(err)
	}
	_, err = f.Write(make([]byte, regSize))
	if err = errors.Join(err, f.Close()); err != nil {
		return c.unwritable(err)
	}
	return nil
}

func (c *controller) unwritable(err error) error {
	return cli.Brokenf("cannot write the virtual eFuse file %s: %s", c.path, cli.Reason(err))
}

func (c *controller) save() error {
	if c.path == "" {
		return nil
	}
	if err := afero.WriteFile(c.env.FS, c.path, reversed(c.registers[:]), 0o666); err != nil {
		return c.unwritable(err)
	}
	return nil
}

// burn gives the command to burn what the write registers hold. The clocks are
// set up for it first; their bits stay.
func (c *controller) burn() error {
	c.set(regDAC, c.word(regDAC)|0x50)
	c.set(regClock, c.word(regClock)|0xA0)
	c.set(regConf, confWrite)
	c.set(regCmd, 0) // the command ends at once
	return c.read()
}

// read gives the command to refresh the read registers. On the virtual chip it
// is this that burns.
func (c *controller) read() error {
	c.set(regConf, confRead)
	c.set(regCmd, cmdRead)
	if c.chip != nil {
		return c.burnDevice()
	}
	for block := efuse.BlockCount - 1; block >= 0; block-- {
		if err := c.transfer(block); err != nil {
			return err
		}
	}
	for block := range efuse.BlockCount {
		clear(c.registers[writeAt(block):][:registerBytes(block)])
	}
	if err := c.hide(); err != nil {
		return err
	}
	c.set(regCmd, 0)
	return c.save()
}

// transfer adds the write registers of a block to its read registers, decoded
// and without the bits that are write-protected.
func (c *controller) transfer(block int) error {
	n := registerBytes(block)
	written := bitsOf(c.registers[writeAt(block):][:n], 8*n)
	if c.debug {
		c.env.Print(blockName(block), written.hex())
	}
	data, err := c.decode(block, written)
	if err != nil {
		return err
	}
	data = data.without(c.writeProtected(block))
	for i, b := range data.bytes() {
		c.registers[readAt(block)+i] |= b
	}
	return nil
}
