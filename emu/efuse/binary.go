package efuse

import (
	"encoding/binary"
	"fmt"
	"slices"
)

// The virtual eFuse file of espefuse: the eFuse controller's registers from
// 0x3FF5A000 to 0x3FF5A11F, the whole file back to front.
const (
	virtualSize = 0x120
	regClock    = 0x0F8
	regConf     = 0x0FC
	regDAC      = 0x118
)

// blockReg returns the offset of EFUSE_BLKn_RDATA0.
func blockReg(block int) int {
	if block == 0 {
		return 0
	}
	return 0x38 + 0x20*(block-1)
}

// Dump returns what `espefuse dump --format joint` writes: the four blocks as
// software reads them, 124 bytes, or 100 under 3/4 coding. Without read
// protection it holds the keys: never print it.
func (s *Set) Dump() []byte {
	data := s.softData(0)
	out := append([]byte(nil), data[:Block0Size]...)
	for block := 1; block < BlockCount; block++ {
		data := s.softData(block)
		out = append(out, data[:dumpSize(s.softScheme())]...)
	}
	return out
}

// dumpSize returns how many bytes of BLOCK1 to BLOCK3 a dump holds. The tools
// refuse CodingRepeat; all of the registers then stand for it.
func dumpSize(scheme CodingScheme) int {
	if scheme == Coding34 {
		return 24
	}
	return BlockSize
}

// Virtual returns the 288 bytes of a virtual eFuse file that espefuse takes for
// this chip. As in its own files, what software cannot read is zero. A block
// that contradicts the coding scheme shows its raw cells, as it does there when
// it was burnt before CODING_SCHEME: only so can ParseDump tell.
func (s *Set) Virtual() []byte {
	regs := make([]byte, virtualSize)
	for block := range BlockCount {
		data := s.softData(block)
		if s.neverCoded(block) {
			data = s.raw(block)
		}
		copy(regs[blockReg(block):], data[:4*blockWords(block)])
	}
	if *s != (Set{journal: s.journal}) { // the tool has set up its clocks for a burn
		binary.LittleEndian.PutUint32(regs[regClock:], 0xA0)
		binary.LittleEndian.PutUint32(regs[regConf:], 0x5AA5)
		binary.LittleEndian.PutUint32(regs[regDAC:], 0x50)
	}
	slices.Reverse(regs)
	return regs
}

// neverCoded tells whether software can see that a block is not coded: it has
// ones where coded data ends.
func (s *Set) neverCoded(block int) bool {
	if s.CheckCoding(block) == nil || s.KeyReadProtected(block) || s.softScheme() != s.CodingScheme() {
		return false
	}
	raw := s.raw(block)
	return anyOne(raw[s.CodingScheme().DataSize():])
}

func anyOne(b []byte) bool {
	return slices.ContainsFunc(b, func(v byte) bool { return v != 0 })
}

func parseVirtual(b []byte) (*Dump, error) {
	regs := slices.Clone(b)
	slices.Reverse(regs)
	var blocks [BlockCount][]byte
	for block := range blocks {
		at := blockReg(block)
		blocks[block] = regs[at : at+4*blockWords(block)]
	}
	return fromBlocks(FormatVirtual, blocks)
}

func parseJoint(b []byte) (*Dump, error) {
	var blocks [BlockCount][]byte
	blocks[0] = b[:Block0Size]
	size := (len(b) - Block0Size) / 3
	for i := range 3 {
		at := Block0Size + i*size
		blocks[1+i] = b[at : at+size]
	}
	return fromBlocks(FormatJoint, blocks)
}

// ParseSplit reads the files of `espefuse dump --format split`, one a block:
// BLOCK0, which has 28 bytes, and as many of the others as there are, nil for
// one that is missing. *FormatError for wrong sizes.
func ParseSplit(blocks [BlockCount][]byte) (*Dump, error) {
	return fromBlocks(FormatSplit, blocks)
}

// fromBlocks makes a dump of what software read from each block; nil is
// unknown.
func fromBlocks(format Format, blocks [BlockCount][]byte) (*Dump, error) {
	if len(blocks[0]) != Block0Size {
		return nil, &FormatError{What: format.String(), Reason: fmt.Sprintf("BLOCK0 has %d bytes, not 28", len(blocks[0]))}
	}
	d := &Dump{Set: New(), Format: format}
	d.Set.place(0, insert(blocks[0], 0, 8*Block0Size))
	for block := 1; block < BlockCount; block++ {
		if blocks[block] == nil {
			continue
		}
		if err := d.Set.placeRead(format, block, blocks[block]); err != nil {
			return nil, err
		}
	}
	d.Hidden = d.Set.hiddenBlocks()
	for block, b := range blocks {
		d.Hidden[block] = d.Hidden[block] || b == nil
	}
	return d, nil
}

// placeRead puts back what software read from BLOCK1, 2 or 3.
func (s *Set) placeRead(format Format, block int, read []byte) error {
	scheme := s.CodingScheme()
	want := dumpSize(scheme)
	switch {
	case format == FormatVirtual:
		want = BlockSize
	case format == FormatConsole && len(read) == BlockSize:
		read = read[:want] // v2 prints all registers whatever the coding
	}
	if len(read) != want {
		return &FormatError{What: format.String(), Reason: fmt.Sprintf(
			"%d bytes for BLOCK%d do not go with CODING_SCHEME %d (%s), under which a dump has %d: it was cut or put together from two",
			len(read), block, scheme, scheme, want)}
	}
	var data [BlockSize]byte
	copy(data[:], read)
	if anyOne(data[scheme.DataSize():]) {
		s.place(block, data) // burnt before the coding scheme: never coded
		return nil
	}
	s.place(block, scheme.encode(data))
	return nil
}

// hiddenBlocks tells which blocks RD_DIS keeps from software and are zero for
// all that is known.
func (s *Set) hiddenBlocks() (hidden [BlockCount]bool) {
	config := intersect(s.raw(0), readProtectedBits())
	hidden[0] = s.ReadProtected(RdDisConfig) && config == [BlockSize]byte{}
	for block := 1; block < BlockCount; block++ {
		hidden[block] = s.KeyReadProtected(block) && s.raw(block) == [BlockSize]byte{}
	}
	return hidden
}
