package bundle

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
)

// Offsets of the header's fields. docs/bundle.md has the same table.
const (
	atVersion    = 8
	atHeaderSize = 10
	atEntrySize  = 12
	atCount      = 14
	atFlags      = 16
	atImages     = 20
	atFirst      = 24
	atStride     = 28
	atTotal      = 32
	atReserved   = 36
	atCRC        = 60
)

// Offsets of an entry's fields.
const (
	entryLot      = 0
	entryAddress  = 4
	entryLabel    = 8
	entryOffset   = 24
	entrySize     = 28
	entrySum      = 32
	entryKey      = 64
	entryConfig   = 68
	entryFlags    = 69
	entryGap      = 70
	entryVersion  = 72
	entryReserved = 104
)

// Encode writes a bundle with the entries in their order. Offset and Sum are
// worked out; images are stored in the order in which entries first need them.
// The error is a *LimitError.
func Encode(entries []Entry) ([]byte, error) {
	if err := admissible(entries); err != nil {
		return nil, err
	}
	l, err := lay(entries)
	if err != nil {
		return nil, err
	}
	out := bytes.Repeat([]byte{0xFF}, int(l.total))
	head := out[:HeaderSize+len(entries)*EntrySize]
	clear(head)
	l.header(head)
	for i, e := range l.entries {
		e.encode(head[HeaderSize+i*EntrySize:])
		copy(out[e.Offset:], e.Data)
	}
	binary.LittleEndian.PutUint32(head[atCRC:], crc32.ChecksumIEEE(head))
	return out, nil
}

// layout is a bundle whose images have their places.
type layout struct {
	Bundle
	entries []Entry
	total   uint64
}

func lay(entries []Entry) (*layout, error) {
	l := &layout{entries: append([]Entry(nil), entries...)}
	l.total = aligned(HeaderSize + uint64(len(entries))*EntrySize)
	l.First, l.Stride, l.ByAddress = uint32(l.total), uint32(aligned(uint64(len(entries[0].Data)))), true
	known, placed := sums{}, map[[32]byte]uint32{}
	byAddress := map[uint32][32]byte{}
	for i := range l.entries {
		e := &l.entries[i]
		e.Sum = known.of(e.Data)
		if other, ok := byAddress[e.Address]; ok && other != e.Sum {
			l.ByAddress = false
		}
		byAddress[e.Address] = e.Sum
		if len(e.Data) != len(entries[0].Data) {
			l.Stride = 0
		}
		if at, ok := placed[e.Sum]; ok {
			e.Offset = at
			continue
		}
		e.Offset = uint32(l.total)
		placed[e.Sum] = e.Offset
		if l.total = aligned(l.total + uint64(len(e.Data))); l.total > MaxSize {
			return nil, limitf("it would have more than %d MB; make a release for fewer lots", MaxSize>>20)
		}
	}
	l.Images = len(placed)
	return l, nil
}

// admissible checks what the fields of the format can hold.
func admissible(entries []Entry) error {
	if len(entries) == 0 || len(entries) > MaxEntries {
		return limitf("%d slots of all lots: a bundle has 1 to %d; make a release for fewer lots", len(entries), MaxEntries)
	}
	type slot struct{ lot, address uint32 }
	seen := map[slot]bool{}
	for _, e := range entries {
		switch {
		case seen[slot{e.Lot, e.Address}]:
			return limitf("lot id 0x%08x has two images for 0x%08x", e.Lot, e.Address)
		case len(e.Data) == 0 || len(e.Data) > MaxImage:
			return limitf("the image for 0x%08x has %d bytes: 1 to %d are possible", e.Address, len(e.Data), MaxImage)
		case !isText(e.Label, LabelSize) || e.Label == "":
			return limitf("partition label %q has to have 1 to %d bytes, none of them zero", e.Label, LabelSize)
		case !isText(e.Version, VersionSize):
			return limitf("version %q has to have at most %d bytes, none of them zero", e.Version, VersionSize)
		case e.Config > 0xF || !e.Encrypted && (e.Config != 0 || e.Key != 0):
			return limitf("the image for 0x%08x has a key or configuration that it cannot have", e.Address)
		}
		seen[slot{e.Lot, e.Address}] = true
	}
	return nil
}

// isText tells whether a string fits a field that zeros fill up.
func isText(s string, size int) bool {
	return len(s) <= size && bytes.IndexByte([]byte(s), 0) < 0
}

func (l *layout) header(h []byte) {
	le := binary.LittleEndian
	copy(h, Magic)
	le.PutUint16(h[atVersion:], Version)
	le.PutUint16(h[atHeaderSize:], HeaderSize)
	le.PutUint16(h[atEntrySize:], EntrySize)
	le.PutUint16(h[atCount:], uint16(len(l.entries)))
	if l.ByAddress {
		le.PutUint32(h[atFlags:], flagByAddress)
	}
	le.PutUint32(h[atImages:], uint32(l.Images))
	le.PutUint32(h[atFirst:], l.First)
	le.PutUint32(h[atStride:], l.Stride)
	le.PutUint32(h[atTotal:], uint32(l.total))
}

func (e *Entry) encode(b []byte) {
	le := binary.LittleEndian
	le.PutUint32(b[entryLot:], e.Lot)
	le.PutUint32(b[entryAddress:], e.Address)
	copy(b[entryLabel:], e.Label)
	le.PutUint32(b[entryOffset:], e.Offset)
	le.PutUint32(b[entrySize:], uint32(len(e.Data)))
	copy(b[entrySum:], e.Sum[:])
	le.PutUint32(b[entryKey:], e.Key)
	b[entryConfig] = e.Config
	if e.Encrypted {
		b[entryFlags] = flagEncrypted
	}
	copy(b[entryVersion:], e.Version)
}
