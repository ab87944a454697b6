// Package otadata reads and writes the two entries that tell an ESP32
// bootloader which application slot to start, and holds the rules by which
// bootloaders, applications and otatool choose between them (spec 2.5, 5.2).
package otadata

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
)

// Layout of the otadata partition, in bytes. Entry i lies at i*SectorSize.
const (
	EntrySize  = 32
	SectorSize = 4096
	Size       = 2 * SectorSize
	Erased     = 0xFFFFFFFF // sequence number of an erased entry
)

// State is the state of an image, kept since v3.3. It lies in what were label
// bytes before, and the CRC does not cover it.
type State uint32

// The states.
const (
	StateNew           State = 0
	StatePendingVerify State = 1
	StateValid         State = 2
	StateInvalid       State = 3
	StateAborted       State = 4
	StateUndefined     State = 0xFFFFFFFF
)

// String returns the state's name, such as "PENDING_VERIFY".
func (s State) String() string {
	switch s {
	case StateNew:
		return "NEW"
	case StatePendingVerify:
		return "PENDING_VERIFY"
	case StateValid:
		return "VALID"
	case StateInvalid:
		return "INVALID"
	case StateAborted:
		return "ABORTED"
	case StateUndefined:
		return "UNDEFINED"
	}
	return fmt.Sprintf("unknown (0x%08x)", uint32(s))
}

// Entry is one of the two 32-byte entries (spec 2.5).
type Entry struct {
	Seq   uint32   // sequence number; slot = (Seq-1) mod number of slots
	Label [20]byte // unused, whatever the writer's buffer held
	State State    // part of the label before v3.3
	CRC   uint32   // of the four bytes of Seq
}

// Decode reads an entry from the first 32 bytes of b. Bytes that are missing
// read as erased flash, so that any input gives an entry.
func Decode(b []byte) Entry {
	var p [EntrySize]byte
	for i := copy(p[:], b); i < EntrySize; i++ {
		p[i] = 0xFF
	}
	return Entry{
		Seq:   binary.LittleEndian.Uint32(p[0:]),
		Label: [20]byte(p[4:24]),
		State: State(binary.LittleEndian.Uint32(p[24:])),
		CRC:   binary.LittleEndian.Uint32(p[28:]),
	}
}

// Encode returns the entry's 32 bytes.
func (e Entry) Encode() [EntrySize]byte {
	var b [EntrySize]byte
	binary.LittleEndian.PutUint32(b[0:], e.Seq)
	copy(b[4:24], e.Label[:])
	binary.LittleEndian.PutUint32(b[24:], uint32(e.State))
	binary.LittleEndian.PutUint32(b[28:], e.CRC)
	return b
}

// CRC returns the checksum of a sequence number: CRC-32 (IEEE) of its four
// bytes, seeded with all ones, which is not what ChecksumIEEE gives.
func CRC(seq uint32) uint32 {
	var b [4]byte
	binary.LittleEndian.PutUint32(b[:], seq)
	return crc32.Update(0xFFFFFFFF, crc32.IEEETable, b[:])
}

// New returns an entry with a good CRC and label bytes as erased flash has.
func New(seq uint32, s State) Entry {
	e := Entry{Seq: seq, State: s, CRC: CRC(seq)}
	for i := range e.Label {
		e.Label[i] = 0xFF
	}
	return e
}

// CRCOK tells whether the stored CRC fits the sequence number.
func (e Entry) CRCOK() bool { return e.CRC == CRC(e.Seq) }

// Erased tells whether the sequence number is that of erased flash, which is
// all that readers look at.
func (e Entry) Erased() bool { return e.Seq == Erased }
