// Package efuse models the eFuses of a classic ESP32: four blocks of one-time
// bits, their write and read protection, the coding schemes of BLOCK1 to
// BLOCK3, the fields that the boot chain and Espressif's tools give names to,
// and the files in which those tools hand eFuses around.
//
// A Set holds the cells as they are in silicon. Two views of it exist: what
// hardware sees (the AES engine uses a key that nobody can read any more) and
// what software reads, in which a read-protected block is all zero (spec 4.1).
package efuse

import (
	"encoding/binary"

	"github.com/bootsim/bootsim/flashmodel"
)

// Sizes of the blocks. Cells are counted as they are in silicon, before a
// coding scheme takes its share.
const (
	BlockCount  = 4  // BLOCK0 to BLOCK3
	Block0Words = 7  // 32-bit words of BLOCK0
	BlockWords  = 8  // 32-bit words of BLOCK1 to BLOCK3
	Block0Size  = 28 // bytes of BLOCK0
	BlockSize   = 32 // bytes of BLOCK1 to BLOCK3
)

// Set is the eFuses of one chip. The zero value is a blank chip without a MAC
// address. It is not safe for concurrent use.
type Set struct {
	cells   [BlockCount][BlockWords]uint32 // BLOCK0 leaves its last word unused
	journal *flashmodel.Journal
	trace   *Bits // nil: nobody wants to know what is read
}

// New returns the eFuses of a blank chip: not a bit is set.
func New() *Set { return &Set{} }

// Clone returns an independent copy. The copy has no journal, like a forked
// flash.
func (s *Set) Clone() *Set { return &Set{cells: s.cells} }

// CloneInto makes a copy as Clone does, in room that the caller has.
func (s *Set) CloneInto(room *Set) { *room = Set{cells: s.cells} }

// Attach makes every later burn pass through j, where faults can be injected.
// nil detaches.
func (s *Set) Attach(j *flashmodel.Journal) { s.journal = j }

// Equal tells whether both chips hold the same cells, visible or not.
func (s *Set) Equal(o *Set) bool { return s.cells == o.cells }

// Word returns 32 raw cells: word i of a block as it is in silicon, before
// decoding and whether or not software may read it. A word that does not exist
// is zero.
func (s *Set) Word(block, i int) uint32 {
	if block < 0 || block >= BlockCount || i < 0 || i >= blockWords(block) {
		return 0
	}
	return s.word(block, i)
}

// ReadWord returns word i of a block as software reads it from the registers
// EFUSE_BLKn_RDATAi: decoded, and zero where RD_DIS forbids reading. A word
// that does not exist is zero.
func (s *Set) ReadWord(block, i int) uint32 { return s.ReadBits(block, i, ^uint32(0)) }

// ReadBits returns the bits of ReadWord that mask has, where nothing else of
// the word matters to the caller.
func (s *Set) ReadBits(block, i int, mask uint32) uint32 {
	if block < 0 || block >= BlockCount || i < 0 || i >= blockWords(block) {
		return 0
	}
	if s.plain(block) {
		return s.masked(block, i, mask) // the others do not matter to it
	}
	data := s.softData(block)
	return binary.LittleEndian.Uint32(data[4*i:]) & mask
}

// plain tells whether software reads the words of a block as they are.
func (s *Set) plain(block int) bool {
	if block == 0 {
		return !s.ReadProtected(RdDisConfig)
	}
	scheme := s.CodingScheme()
	return !s.ReadProtected(block-1) && scheme != Coding34 && scheme != CodingRepeat
}

// Cells returns the raw bytes of a block, least significant first: 28 of
// BLOCK0, 32 of the others. They may be a key: never print them.
func (s *Set) Cells(block int) []byte {
	raw := s.raw(block)
	return append([]byte(nil), raw[:4*blockWords(block)]...)
}

func blockWords(block int) int {
	if block == 0 {
		return Block0Words
	}
	return BlockWords
}

// raw returns the cells of a block as bytes; BLOCK0 ends in four zero bytes.
func (s *Set) raw(block int) (b [BlockSize]byte) {
	for i := range s.cells[block] {
		binary.LittleEndian.PutUint32(b[4*i:], s.word(block, i))
	}
	return b
}

// place overwrites the cells of a block: content as it came, not a burn.
func (s *Set) place(block int, b [BlockSize]byte) {
	for i := range blockWords(block) {
		s.cells[block][i] = binary.LittleEndian.Uint32(b[4*i:])
	}
}

// hardData returns the decoded bytes of a block as hardware uses them, padded
// with zeros to 32.
func (s *Set) hardData(block int) [BlockSize]byte {
	raw := s.raw(block)
	if block == 0 {
		return raw
	}
	data, _ := s.CodingScheme().decode(raw)
	return data
}

// softData returns what hardData returns, as far as software may read it.
func (s *Set) softData(block int) [BlockSize]byte {
	data := s.hardData(block)
	if block == 0 {
		if s.ReadProtected(RdDisConfig) {
			clearBits(&data, readProtectedBits())
		}
		return data
	}
	if s.ReadProtected(block - 1) {
		return [BlockSize]byte{}
	}
	return data
}

func clearBits(data *[BlockSize]byte, mask [BlockSize]byte) {
	for i := range data {
		data[i] &^= mask[i]
	}
}
