package espefuse

import (
	"encoding/binary"

	"github.com/bootsim/bootsim/emu/efuse"
)

// The eFuse controller's registers, by offset from 0x3FF5A000. A virtual eFuse
// file is these 288 bytes back to front.
const (
	regBase   = 0x3FF5A000
	regSize   = 0x120
	regClock  = 0x0F8
	regConf   = 0x0FC
	regCmd    = 0x104
	regDAC    = 0x118
	regDecode = 0x11C // EFUSE_DEC_STATUS: errors of the 3/4 coding

	confWrite = 0x5A5A
	confRead  = 0x5AA5
	cmdRead   = 1
	cmdWrite  = 2
)

// decodeErrors are the bits of EFUSE_DEC_STATUS that tell of errors.
const decodeErrors = 0xFFF

// registers is the content of the controller's registers, in their order.
type registers [regSize]byte

func (r *registers) word(at int) uint32 { return binary.LittleEndian.Uint32(r[at:]) }

func (r *registers) set(at int, v uint32) { binary.LittleEndian.PutUint32(r[at:], v) }

// readAt is the offset of EFUSE_BLKn_RDATA0, writeAt that of EFUSE_BLKn_WDATA0.
func readAt(block int) int {
	if block == 0 {
		return 0
	}
	return 0x38 + 0x20*(block-1)
}

func writeAt(block int) int {
	if block == 0 {
		return 0x1C
	}
	return 0x98 + 0x20*(block-1)
}

// registerBytes is the size of a block's read and write registers.
func registerBytes(block int) int {
	if block == 0 {
		return efuse.Block0Size
	}
	return efuse.BlockSize
}

// scheme is CODING_SCHEME as it reads; 3 stands for none.
func (r *registers) scheme() efuse.CodingScheme {
	s := efuse.CodingScheme(r[24] & 3)
	if s == efuse.CodingNoneRecovery {
		return efuse.CodingNone
	}
	return s
}

// dataBytes is how many bytes of a block can be read under a coding scheme.
func dataBytes(block int, s efuse.CodingScheme) int {
	if block > 0 && s == efuse.Coding34 {
		return s.DataSize()
	}
	return registerBytes(block)
}

// block returns what a block's read registers hold.
func (r *registers) block(block int, s efuse.CodingScheme) bits {
	n := dataBytes(block, s)
	return bitsOf(r[readAt(block):][:n], 8*n)
}

// softSet returns the eFuses as software sees them. The read registers of a
// coded block hold its data, so that what lies beyond means nothing.
func (r *registers) softSet() (*efuse.Set, error) {
	var blocks [efuse.BlockCount][]byte
	for i := range blocks {
		blocks[i] = r.block(i, r.scheme()).bytes()
	}
	d, err := efuse.ParseSplit(blocks)
	if err != nil {
		return nil, err
	}
	return d.Set, nil
}
