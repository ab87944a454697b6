package efuse

import (
	"encoding/binary"
	"fmt"

	"github.com/bootsim/bootsim/flashmodel"
)

// BurnError tells that a burn was asked for that no eFuse controller offers.
type BurnError struct {
	Block int
	Words int // words asked for
}

// Error names the block and its size.
func (e *BurnError) Error() string {
	if e.Block < 0 || e.Block >= BlockCount {
		return fmt.Sprintf("eFuse BLOCK%d does not exist: use BLOCK0 to BLOCK3", e.Block)
	}
	return fmt.Sprintf("cannot burn %d words into eFuse BLOCK%d, which has %d", e.Words, e.Block, blockWords(e.Block))
}

// Burn does what the eFuse controller does with words in its write registers:
// it sets the cells whose bit is one and leaves all others alone. As on
// silicon nothing is decoded or checked, and bits that WR_DIS protects are
// left out without a word. Missing words count as zero. The burn is one
// operation of the journal; its error comes back after whatever the
// interceptor left behind has been stored. A cell once set stays set, whatever
// an interceptor says. *BurnError for a block or word that does not exist.
func (s *Set) Burn(block int, bits []uint32) error {
	if block < 0 || block >= BlockCount || len(bits) > blockWords(block) {
		return &BurnError{Block: block, Words: len(bits)}
	}
	size := 4 * blockWords(block)
	var want [BlockSize]byte
	for i, w := range bits {
		binary.LittleEndian.PutUint32(want[4*i:], w)
	}
	op := flashmodel.Op{
		Kind: flashmodel.OpBurn, Addr: uint32(block), Size: uint32(size),
		Data: append([]byte(nil), want[:size]...),
	}
	clearBits(&want, s.writeProtectedBits(block))
	before := s.raw(block)
	after := union(before, want)
	kept, err := s.journal.Apply(op, before[:size], after[:size])
	s.merge(block, kept)
	return err
}

// merge sets the cells that are one in b.
func (s *Set) merge(block int, b []byte) {
	for i, v := range b[:min(len(b), 4*blockWords(block))] {
		s.cells[block][i/4] |= uint32(v) << (8 * (i % 4))
	}
}

func union(a, b [BlockSize]byte) [BlockSize]byte {
	for i := range a {
		a[i] |= b[i]
	}
	return a
}

// burnBytes burns raw bytes.
func (s *Set) burnBytes(block int, raw [BlockSize]byte) error {
	words := make([]uint32, blockWords(block))
	for i := range words {
		words[i] = binary.LittleEndian.Uint32(raw[4*i:])
	}
	return s.Burn(block, words)
}
