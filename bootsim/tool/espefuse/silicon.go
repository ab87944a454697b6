package espefuse

import (
	"github.com/bootsim/bootsim/bootsim/tool/cli"
	"github.com/bootsim/bootsim/emu/efuse"
)

// decode takes the data out of a block's write registers.
func (c *controller) decode(block int, written bits) (bits, error) {
	switch s := c.scheme(); {
	case block == 0:
		return written, nil
	case s == efuse.CodingRepeat:
		return bits{}, repeatUnsupported()
	case s == efuse.Coding34:
		data, bad := efuse.Decode34(written.b)
		if bad != nil {
			return bits{}, cli.Fatalf("Error in coding scheme data")
		}
		return bitsOf(data[:], 8*len(data)), nil
	}
	return written, nil
}

func repeatUnsupported() error {
	return cli.Fatalf("The %d coding scheme is not supported", efuse.CodingRepeat)
}

// writeProtected returns the bits of a block that a burn leaves alone.
func (c *controller) writeProtected(block int) (protected bits) {
	protected.n = 8 * registerBytes(block)
	wrDis := uint16(c.word(0))
	for _, f := range efuse.Fields() {
		if f.Block == block && !f.Derived && f.WriteBit >= 0 && wrDis>>f.WriteBit&1 == 1 {
			protected = protected.or(ones(f.Len).shifted(f.Bit, protected.n))
		}
	}
	return protected
}

func ones(n int) bits { return bitsOfInt(mask(n), n) }

// hide clears what RD_DIS makes unreadable: whole blocks by bits 0 to 2, four
// fields of BLOCK0 by bit 3, CODING_SCHEME among them.
func (c *controller) hide() error {
	rdDis := c.word(0) >> 16 & 0xF
	for _, f := range efuse.Fields() {
		if f.Block == 0 && !f.Derived && f.ReadBit >= 0 && rdDis>>f.ReadBit&1 == 1 {
			block := c.block(0, c.scheme()).without(ones(f.Len).shifted(f.Bit, 8*efuse.Block0Size))
			copy(c.registers[:], block.bytes())
		}
	}
	if c.scheme() == efuse.CodingRepeat {
		return repeatUnsupported()
	}
	for block := 1; block < efuse.BlockCount; block++ {
		if rdDis>>(block-1)&1 == 1 {
			clear(c.registers[readAt(block):][:dataBytes(block, c.scheme())])
		}
	}
	return nil
}
