package flashmodel_test

import (
	"bytes"
	"fmt"
	"slices"

	"github.com/bootsim/bootsim/flashmodel"
)

// naive is a flash chip written down the obvious way: one byte a cell, one loop
// a command.
type naive []byte

func newNaive(size int) naive { return bytes.Repeat([]byte{0xFF}, size) }

func (n naive) read(addr uint32, size int) []byte {
	out := make([]byte, size)
	for i := range out {
		out[i] = n[(int(addr)+i)%len(n)]
	}
	return out
}

// page is the page program command: a buffer of ones takes the bytes at the
// column of the address, counting modulo 256, then goes into the cells.
func (n naive) page(addr uint32, data []byte) {
	var buffer [256]byte
	for i := range buffer {
		buffer[i] = 0xFF
	}
	for i, b := range data {
		buffer[(int(addr)+i)%256] = b
	}
	start := int(addr) % len(n) / 256 * 256
	for i, b := range buffer {
		n[start+i] &= b
	}
}

func (n naive) program(addr uint32, data []byte) {
	for i, b := range data {
		n[(int(addr)+i)%len(n)] &= b
	}
}

func (n naive) erase(addr uint32, unit int) {
	start := int(addr) % len(n) / unit * unit
	copy(n[start:start+unit], bytes.Repeat([]byte{0xFF}, unit))
}

// chip is a flash with its model and with what both started from.
type chip struct {
	flash   *flashmodel.Flash
	model   naive
	start   *flashmodel.Flash // fork at the time the journal began
	journal *flashmodel.Journal
}

// fork returns a chip of its own life, with a fresh journal.
func (c *chip) fork() *chip {
	n := &chip{flash: c.flash.Fork(), model: slices.Clone(c.model)}
	n.record()
	return n
}

// record begins a journal, every other time with a witness.
func (c *chip) record() {
	c.start = c.flash.Fork()
	watched := c.journal != nil && c.journal.Interceptor == nil
	c.journal = &flashmodel.Journal{}
	if watched {
		c.journal.Interceptor = (*witness)(c)
	}
	c.flash.Attach(c.journal)
}

// witness compares what an operation says about its cells with the model.
type witness chip

func (w *witness) Intercept(op flashmodel.Op, before, after []byte) error {
	if len(before) != int(op.Size) || len(after) != int(op.Size) {
		return fmt.Errorf("%v at 0x%08x: %d and %d bytes for %d cells", op.Kind, op.Addr, len(before), len(after), op.Size)
	}
	for i := range before {
		cell, want := int(op.Addr)+i, byte(0xFF)
		if op.Kind == flashmodel.OpProgram {
			cell = int(op.Addr)/256*256 + cell%256
			want = w.model[cell] & op.Data[i]
		}
		if before[i] != w.model[cell] || after[i] != want {
			return fmt.Errorf("%v at 0x%08x: cell 0x%08x goes from %02x to %02x, not from %02x to %02x",
				op.Kind, op.Addr, cell, before[i], after[i], w.model[cell], want)
		}
	}
	return nil
}
