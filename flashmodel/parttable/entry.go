// Package parttable reads and writes ESP32 partition tables: the binary rows a
// bootloader reads (spec 2.4), and the CSV form with all the rules of
// gen_esp32part by tool version (spec 6).
package parttable

import (
	"bytes"
	"encoding/binary"
)

// Layout of the binary table, in bytes.
const (
	RowSize      = 32
	MaxLength    = 0xC00 // region of the table that is read and, for signing, padded
	MaxRows      = MaxLength / RowSize
	SectorSize   = 0x1000 // flash the table occupies
	DefaultStart = 0x8000 // usual flash offset of the table
	LabelSize    = 16
)

// Magics of rows, as little-endian words.
const (
	MagicEntry = 0x50AA
	MagicMD5   = 0xEBEB
	MagicEnd   = 0xFFFF
)

// Partition types.
const (
	TypeApp        = 0x00
	TypeData       = 0x01
	TypeBootloader = 0x02 // v5.4 and later
	TypeTable      = 0x03 // v5.4 and later
	TypeEnd        = 0xFF // of the row that ends the table
)

// Subtypes of TypeApp.
const (
	SubtypeFactory = 0x00
	SubtypeOTA0    = 0x10 // slot N is SubtypeOTA0+N
	SubtypeOTA15   = 0x1F
	SubtypeTest    = 0x20
	SubtypeTEE0    = 0x30
	SubtypeTEE1    = 0x31
)

// Subtypes of TypeData.
const (
	SubtypeOTAData   = 0x00
	SubtypePHY       = 0x01
	SubtypeNVS       = 0x02
	SubtypeCoredump  = 0x03
	SubtypeNVSKeys   = 0x04
	SubtypeEFuse     = 0x05
	SubtypeUndefined = 0x06
	SubtypeESPHTTPD  = 0x80
	SubtypeFAT       = 0x81
	SubtypeSPIFFS    = 0x82
	SubtypeLittleFS  = 0x83
	SubtypeTEEOTA    = 0x90
)

// Subtypes of TypeBootloader and TypeTable.
const (
	SubtypePrimary     = 0x00
	SubtypeSecondary   = 0x01 // named "ota"
	SubtypeRecovery    = 0x02 // TypeBootloader only
	subtypeEndOfTable  = 0xFF
	maxBootloaderSlots = 16 // slots a bootloader keeps track of
)

// Flag bits of an entry.
const (
	FlagEncrypted = 1 << 0
	FlagReadOnly  = 1 << 1 // v5.2 and later
)

// Entry is a row that describes a partition.
type Entry struct {
	Label         [LabelSize]byte // not terminated if it is full
	Type, Subtype uint8
	Offset, Size  uint32 // in flash, bytes
	Flags         uint32 // FlagEncrypted and others, as stored
}

// Name returns the label up to its first zero byte.
func (e Entry) Name() string {
	s, _, _ := bytes.Cut(e.Label[:], []byte{0})
	return string(s)
}

// End returns the address behind the partition. It is 64 bits wide because
// hostile tables let Offset+Size wrap, as they do for a bootloader.
func (e Entry) End() uint64 { return uint64(e.Offset) + uint64(e.Size) }

// IsOTA tells whether the entry is an application slot ota_0 to ota_15.
func (e Entry) IsOTA() bool {
	return e.Type == TypeApp && e.Subtype >= SubtypeOTA0 && e.Subtype <= SubtypeOTA15
}

// Is tells whether the entry has a type and subtype.
func (e Entry) Is(typ, subtype uint8) bool { return e.Type == typ && e.Subtype == subtype }

// Encode returns the entry's 32 bytes.
func (e Entry) Encode() [RowSize]byte {
	var b [RowSize]byte
	binary.LittleEndian.PutUint16(b[0:], MagicEntry)
	b[2], b[3] = e.Type, e.Subtype
	binary.LittleEndian.PutUint32(b[4:], e.Offset)
	binary.LittleEndian.PutUint32(b[8:], e.Size)
	copy(b[12:28], e.Label[:])
	binary.LittleEndian.PutUint32(b[28:], e.Flags)
	return b
}

// Label returns a name as a label. Longer names are cut after 16 bytes, as
// gen_esp32part does.
func Label(name string) (l [LabelSize]byte) {
	copy(l[:], name)
	return l
}
