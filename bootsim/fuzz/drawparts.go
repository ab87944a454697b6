package fuzz

import (
	"github.com/bootsim/bootsim/flashmodel/espimage"
	"github.com/bootsim/bootsim/flashmodel/otadata"
	"github.com/bootsim/bootsim/flashmodel/parttable"
)

// inTable changes a field of a row, rows as a whole, or the MD5 row.
func (s *Subject) inTable(d dice) []Change {
	at := s.Profile.TableOffset
	rows := uint32(8)
	if s.table != nil {
		rows = uint32(len(s.table.Entries)) + 2
	}
	row := at + parttable.RowSize*uint32(d.below(uint64(rows)))
	fixed := repairs(d, RepairMD5)
	write := func(offset uint32, b Hex) []Change {
		return []Change{{Kind: KindPlain, At: row + offset, Data: b, Of: at, Repair: fixed}}
	}
	switch d.below(10) {
	case 0, 1:
		return write(4, le32(number(d, s.addresses()...)))
	case 2:
		return write(8, le32(number(d, 0x1000, 0x2000, 0x10000, 0x100000, s.Device.Flash.Size())))
	case 3:
		return write(2, Hex{byte(number(d))})
	case 4:
		return write(3, Hex{pick(d, []byte{0, 1, 2, 4, 5, 0x10, 0x11, 0x12, 0x1F, 0x20, 0x21, 0xFF})})
	case 5:
		return write(0, pick(d, []Hex{{0xFF, 0xFF}, {0xEB, 0xEB}, {0xAA, 0x50}, {0, 0}}))
	case 6:
		return write(12, Hex(pick(d, []string{"factory\x00", "ota_0\x00", "0123456789abcdef", "\x00", "\xff\xfe\x1b[31m"})))
	case 7: // a row becomes another one
		other := at + parttable.RowSize*uint32(d.below(uint64(rows)))
		return []Change{{Kind: KindShift, At: row, From: other, Size: parttable.RowSize, Of: at, Repair: fixed}}
	case 8: // and all that follow move along
		return []Change{{Kind: KindShift, At: row + parttable.RowSize, From: row, Size: parttable.RowSize * rows, Of: at, Repair: fixed}}
	}
	return write(uint32(d.below(parttable.RowSize)), bit(d))
}

// addresses are where this lot's parts lie.
func (s *Subject) addresses() []uint32 {
	var out []uint32
	for _, p := range s.parts {
		out = append(out, p.at)
	}
	return append(out, s.Device.Flash.Size())
}

// inOTAData writes an entry, or part of one.
func (s *Subject) inOTAData(d dice) []Change {
	for _, p := range s.parts {
		if p.kind == partOTAData {
			k := uint32(d.below(2))
			at, other := p.at+otadata.SectorSize*k, p.at+otadata.SectorSize*(1-k)
			if chance(d, 1, 6) { // both have the same number, and only the state differs
				return append([]Change{{Kind: KindShift, At: at, From: other, Size: otadata.EntrySize}}, s.entry(d, at)[0])
			}
			return s.entry(d, at)
		}
	}
	return s.inTable(d)
}

func (s *Subject) entry(d dice, at uint32) []Change {
	seq := number(d, 0, otadata.Erased)
	state := pick(d, []otadata.State{0, 1, 2, 3, 4, otadata.StateUndefined, otadata.State(number(d))})
	switch d.below(6) {
	case 0:
		return []Change{{Kind: KindPlain, At: at + 24, Data: le32(uint32(state))}}
	case 1:
		return []Change{{Kind: KindPlain, At: at, Data: le32(seq), Of: at, Repair: repairs(d, RepairCRC)}}
	case 2:
		return []Change{{Kind: KindErase, At: at &^ 0xFFF, Size: otadata.SectorSize}}
	case 3:
		return []Change{{Kind: KindFlip, At: at + uint32(d.below(otadata.EntrySize)), Data: bit(d), Of: at, Repair: repairs(d, RepairCRC)}}
	}
	raw := otadata.New(seq, state).Encode()
	return []Change{{Kind: KindPlain, At: at, Data: raw[:]}}
}

// loadAddresses are borders of memory (spec 3.3).
var loadAddresses = [...]uint32{0, 0x10000000, 0x3F400000, 0x3F800000, 0x3FF80000, 0x3FFAE000, 0x3FFB0000, 0x3FFDB000, 0x3FFE0000, 0x3FFE3F20,
	0x3FFE4000, 0x3FFF0000, 0x3FFF8000, 0x40000000, 0x40070000, 0x40078000, 0x40080000, 0x40080400, 0x400A0000, 0x400AA000, 0x400C0000, 0x400C2000,
	0x400D0000, 0x40400000, 0x50000000, 0x50002000, 0x60000000}

// inImage changes an image's header, a segment's header or data, the
// descriptor, checksum or hash, or what lies behind.
func (s *Subject) inImage(d dice) []Change {
	var images []part
	for _, p := range s.parts {
		if p.image != nil {
			images = append(images, p)
		}
	}
	if len(images) == 0 {
		return s.inTable(d)
	}
	p := pick(d, images)
	fixed := repairs(d, RepairChecksum, RepairHash, RepairSignature)
	write := func(offset uint32, b Hex) []Change {
		return []Change{{Kind: KindPlain, At: p.at + offset, Data: b, Of: p.at, Repair: fixed}}
	}
	switch d.below(10) {
	case 0, 1, 2:
		return s.header(d, write)
	case 3:
		if g, ok := segment(d, p); ok {
			return write(g.HeaderOffset, le32(number(d, loadAddresses[:]...)))
		}
	case 4:
		if g, ok := segment(d, p); ok {
			return write(g.HeaderOffset+4, le32(number(d, g.Length, 0x320000, 16<<20)))
		}
	case 5: // descriptor: magic, secure version, version
		return write(espimage.DescOffset+pick(d, []uint32{0, 4, 16, 112}), le32(number(d, 0xABCD5432)))
	case 6:
		return write(p.image.ChecksumOffset, Hex{byte(d.below(256))})
	case 7: // the end of the image, and what follows it
		return write(p.size-min(p.size, 80)+uint32(d.below(160)), le32(number(d)))
	case 8:
		return []Change{{Kind: KindErase, At: (p.at + uint32(d.below(uint64(p.size)))) &^ 0xFFF, Size: 0x1000}}
	}
	return []Change{{Kind: KindFlip, At: p.at + uint32(d.below(uint64(p.size))), Data: bit(d), Of: p.at, Repair: fixed}}
}

func segment(d dice, p part) (espimage.Segment, bool) {
	if len(p.image.Segments) == 0 {
		return espimage.Segment{}, false
	}
	return pick(d, p.image.Segments), true
}

// header changes a field of an image header.
func (s *Subject) header(d dice, write func(uint32, Hex) []Change) []Change {
	any16 := func() Hex { v := number(d, 100, 300, 399); return Hex{byte(v), byte(v >> 8)} }
	switch d.below(9) {
	case 0:
		return write(0, Hex{byte(number(d, 0xE9))})
	case 1:
		return write(1, Hex{byte(number(d, 16))})
	case 2:
		return write(2, Hex{byte(d.below(8))})
	case 3:
		return write(3, Hex{byte(d.below(256))})
	case 4:
		return write(12, any16())
	case 5:
		return write(14, Hex{byte(d.below(5))})
	case 6:
		return write(15, any16())
	case 7:
		return write(17, any16())
	}
	return write(23, Hex{byte(d.below(3))})
}
