package parttable

import "encoding/binary"

// RowKind tells what a row is.
type RowKind uint8

// The kinds of row.
const (
	RowOther RowKind = iota // none of the others: a bootloader refuses the table
	RowEntry                // describes a partition
	RowMD5                  // checksum of the rows before it
	RowEnd                  // ends the table: magic, type and subtype are all ones
)

// Row is a decoded row.
type Row struct {
	Kind  RowKind
	Magic uint16   // first two bytes, little-endian
	Entry Entry    // the row read as an entry, whatever its kind
	MD5   [16]byte // the row's last 16 bytes, which are the digest if Kind is RowMD5
}

// DecodeRow reads a row from the first 32 bytes of b. Bytes that are missing
// read as erased flash. A row's kind depends on what a bootloader looks at: for
// the end that is only the first four bytes (spec 2.4).
func DecodeRow(b []byte) Row {
	var p [RowSize]byte
	for i := copy(p[:], b); i < RowSize; i++ {
		p[i] = 0xFF
	}
	r := Row{
		Magic: binary.LittleEndian.Uint16(p[0:]),
		MD5:   [16]byte(p[16:]),
		Entry: Entry{
			Label: [LabelSize]byte(p[12:28]), Type: p[2], Subtype: p[3],
			Offset: binary.LittleEndian.Uint32(p[4:]),
			Size:   binary.LittleEndian.Uint32(p[8:]),
			Flags:  binary.LittleEndian.Uint32(p[28:]),
		},
	}
	r.Kind = r.kind()
	return r
}

func (r Row) kind() RowKind {
	switch {
	case r.Magic == MagicEntry:
		return RowEntry
	case r.Magic == MagicMD5:
		return RowMD5
	case r.Magic == MagicEnd && r.Entry.Is(TypeEnd, subtypeEndOfTable):
		return RowEnd
	}
	return RowOther
}

// MD5Row returns the row that holds the digest of the rows before it.
func MD5Row(digest [16]byte) [RowSize]byte {
	var b [RowSize]byte
	for i := range b {
		b[i] = 0xFF
	}
	binary.LittleEndian.PutUint16(b[0:], MagicMD5)
	copy(b[16:], digest[:])
	return b
}
