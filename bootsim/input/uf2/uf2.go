// Package uf2 reads UF2 files: 512-byte blocks of up to 476 bytes of flash
// content each, marked with the chip family that they are for.
//
// Format: github.com/microsoft/uf2. The writers that matter here are esptool's
// merge_bin and ESP-IDF's mkuf2: they number the blocks of every input file
// from 0 and put the MD5 of a block right behind its data.
package uf2

import (
	"bytes"
	"crypto/md5"
	"encoding/binary"
	"fmt"
	"slices"
)

// FamilyESP32 is the family of the classic ESP32 (uf2families.json).
const FamilyESP32 = 0x1c5f21b0

// BlockSize is the size of a block in bytes.
const BlockSize = 512

// parts of a block
const (
	magicStart0 = 0x0A324655 // "UF2\n"
	magicStart1 = 0x9E5D5157
	magicEnd    = 0x0AB16F30
	headerSize  = 32
	maxPayload  = 476
	md5Size     = 24

	flagNotMainFlash  = 0x00000001
	flagFileContainer = 0x00001000
	flagFamily        = 0x00002000
	flagMD5           = 0x00004000
)

// Region is a run of consecutive bytes.
type Region struct {
	Address uint32
	Data    []byte
}

// Error tells which block of a file is wrong and why.
type Error struct {
	Offset int64 // of the block in the file
	Reason string
}

func (e *Error) Error() string { return fmt.Sprintf("offset 0x%08x: %s", e.Offset, e.Reason) }

// FamilyError tells that no block is for the family asked for.
type FamilyError struct {
	Families []uint32 // those that the file has blocks for, in its order
}

func (e *FamilyError) Error() string {
	s := "the blocks are for family"
	for i, f := range e.Families {
		if i > 0 {
			s += ","
		}
		s += fmt.Sprintf(" 0x%08x", f)
	}
	return s
}

// Looks tells whether b starts like a UF2 file.
func Looks(b []byte) bool {
	return len(b) >= 8 && binary.LittleEndian.Uint32(b) == magicStart0 && binary.LittleEndian.Uint32(b[4:]) == magicStart1
}

// Parse returns what the file holds for a family, by address; blocks may stand
// in any order, and those for other families, for a place other than main
// flash, or of a file container are passed over as the format demands. Blocks
// without a family count for every one. Errors: *Error, *FamilyError.
func Parse(b []byte, family uint32) ([]Region, error) {
	if len(b) == 0 || len(b)%BlockSize != 0 {
		return nil, &Error{Offset: int64(len(b) / BlockSize * BlockSize), Reason: "the file is cut: its size is no multiple of 512 bytes"}
	}
	p := &parser{family: family}
	for at := 0; at < len(b); at += BlockSize {
		if err := p.block(int64(at), b[at:at+BlockSize]); err != nil {
			return nil, err
		}
	}
	if len(p.blocks) == 0 {
		return nil, p.empty()
	}
	if err := p.complete(); err != nil {
		return nil, err
	}
	return p.join()
}

// block is what matters of one block.
type block struct {
	offset        int64
	address       uint32
	number, total uint32
	data          []byte
}

type parser struct {
	family uint32
	blocks []block
	others []uint32
}

// empty explains a file without a single block to take.
func (p *parser) empty() error {
	if len(p.others) > 0 {
		return &FamilyError{Families: p.others}
	}
	return &Error{Reason: "no block is for main flash"}
}

func (p *parser) block(at int64, b []byte) error {
	fail := func(reason string, args ...any) error {
		return &Error{Offset: at, Reason: fmt.Sprintf(reason, args...)}
	}
	word := func(i int) uint32 { return binary.LittleEndian.Uint32(b[i:]) }
	if !Looks(b) || word(BlockSize-4) != magicEnd {
		return fail("no UF2 block: its marks are missing")
	}
	flags, size := word(8), word(16)
	if flags&(flagNotMainFlash|flagFileContainer) != 0 {
		return nil
	}
	if family := word(28); flags&flagFamily != 0 && family != p.family {
		if !slices.Contains(p.others, family) && len(p.others) < 16 {
			p.others = append(p.others, family)
		}
		return nil
	}
	if size == 0 || size > maxPayload {
		return fail("%d bytes of data in a block; 1 to %d fit", size, maxPayload)
	}
	v := block{offset: at, address: word(12), number: word(20), total: word(24), data: b[headerSize : headerSize+size]}
	if v.number >= v.total {
		return fail("block %d of %d", v.number, v.total)
	}
	if uint64(v.address)+uint64(size) > 1<<32 {
		return fail("data at 0x%08x runs past the 32-bit address space", v.address)
	}
	if flags&flagMD5 != 0 && !md5Holds(b, v) {
		return fail("MD5 of the block's data differs: the file is damaged")
	}
	p.blocks = append(p.blocks, v)
	return nil
}

// md5Holds checks the MD5 of a block that covers exactly its own data: behind
// the data as esptool puts it, or at the end of the block as the format says.
// A checksum over another range tells nothing about the block.
func md5Holds(b []byte, v block) bool {
	for _, at := range []int{headerSize + len(v.data), headerSize + maxPayload - md5Size} {
		if at+md5Size > headerSize+maxPayload {
			continue
		}
		part := b[at : at+md5Size]
		if binary.LittleEndian.Uint32(part) != v.address || binary.LittleEndian.Uint32(part[4:]) != uint32(len(v.data)) {
			continue
		}
		sum := md5.Sum(v.data)
		return bytes.Equal(sum[:], part[8:])
	}
	return true
}
