package diagnose

import (
	"encoding/binary"

	"github.com/bootsim/bootsim/flashmodel/espimage"
	"github.com/bootsim/bootsim/flashmodel/otadata"
	"github.com/bootsim/bootsim/flashmodel/parttable"
)

// kind is what should lie in a region of flash.
type kind uint8

const (
	kindBootloader kind = iota
	kindTable
	kindOTAData
	kindApp
)

func (k kind) String() string {
	return [...]string{"bootloader", "partition table", "otadata entry", "app"}[k]
}

// unit is how many bytes are looked at to tell what something is: one unit of
// flash encryption, which holds an image header with the first segment's
// header, a table row, or an otadata entry.
const unit = 32

// region is one place in flash with the content that it should have.
type region struct {
	kind  kind
	addr  uint32
	size  uint32 // space that it has, in bytes
	label string // partition, if it is one
}

// sensible tells whether 32 bytes are a plausible plaintext beginning of what
// should lie there. Chance passes about one unit of noise in 10^10.
func (k kind) sensible(b []byte) bool {
	switch k {
	case kindTable:
		return sensibleRow(b)
	case kindOTAData:
		return sensibleEntry(b)
	}
	return sensibleImage(b)
}

// sensibleImage accepts images of every Espressif chip, so that one for another
// chip is recognised as such.
func sensibleImage(b []byte) bool {
	h, err := espimage.DecodeHeader(b)
	if err != nil || h.Magic != espimage.Magic || h.SegmentCount > 32 || h.SPIMode > 5 || h.HashAppended > 1 {
		return false
	}
	if top := h.Entry >> 24; top != 0x40 && top != 0x42 && top != 0x4F && top != 0x20 {
		return false
	}
	length := binary.LittleEndian.Uint32(b[espimage.HeaderSize+4:])
	return h.SegmentCount == 0 || length < 16<<20
}

// sensibleRow accepts a first table row: the magic number, a type that exists,
// sector-aligned bounds within 16 MB.
func sensibleRow(b []byte) bool {
	row := parttable.DecodeRow(b)
	if row.Kind != parttable.RowEntry {
		return false
	}
	e := row.Entry
	return e.Offset < 64<<20 && e.Size <= 64<<20 && e.Offset%16 == 0
}

// sensibleEntry accepts an entry with a right CRC, and an erased one, whatever
// its label bytes hold: no bootloader looks at them.
func sensibleEntry(b []byte) bool {
	e := otadata.Decode(b)
	return e.CRCOK() || e.Erased() && e.CRC == otadata.Erased
}

func allOnes(b []byte) bool {
	for _, c := range b {
		if c != 0xFF {
			return false
		}
	}
	return true
}
