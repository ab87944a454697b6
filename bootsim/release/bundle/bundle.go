// Package bundle reads and writes release bundles: one file with an app image
// for every slot address of a fleet, of which a device takes the one that fits
// where it is about to write. docs/bundle.md describes the format for those who
// read it on a device.
//
// All numbers are little-endian. A header of 64 bytes is followed by entries of
// 128 bytes, one for each lot and slot; images begin at multiples of 4 KiB.
// Entries with the same bytes share an image: so do lots with the same key,
// configuration and address, lots without encryption, and slots whose addresses
// differ only in bits that FLASH_CRYPT_CONFIG leaves out of the key.
package bundle

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
)

// Facts of the format, sizes in bytes.
const (
	Magic       = "BSBUNDLE"
	Version     = 1
	HeaderSize  = 64
	EntrySize   = 128
	Align       = 4096     // of every image, and of the end of the file
	MaxEntries  = 256      // so that a device can bound what it reads before the images
	MaxSize     = 64 << 20 // of the whole file
	MaxImage    = 16 << 20 // of one image, the largest flash
	LabelSize   = 16
	VersionSize = 32
)

// Flags of the header.
const (
	// flagByAddress tells that entries with the same address share one image, so
	// that a device need not know its lot to find its own.
	flagByAddress = 1 << 0
)

// Flags of an entry.
const (
	// flagEncrypted tells that the image is ciphertext, to be written as it is.
	flagEncrypted = 1 << 0
)

// Entry is the image for one slot of one lot.
type Entry struct {
	Lot     uint32 // LotID of the lot's name
	Address uint32 // flash address of the slot
	Label   string // of the partition, at most 16 bytes
	// Encrypted tells that Data is ciphertext for Address, to be written as it
	// is. Otherwise it is plaintext, to be written as esp_ota_write does.
	Encrypted bool
	// Config is the FLASH_CRYPT_CONFIG that it was encrypted for, Key names the
	// key without giving it away (crypt.Key.Fingerprint as a number). Both are 0
	// when it is not encrypted.
	Config  uint8
	Key     uint32
	Version string // of the app, at most 32 bytes; empty if it has no descriptor
	Offset  uint32 // of the image in the file
	Sum     [32]byte
	Data    []byte // the image
}

// Bundle is a decoded bundle.
type Bundle struct {
	Entries []Entry // in the order of the file
	Images  int     // how many different ones there are
	// First is the offset of the first image, Stride the distance from one to the
	// next. Stride is 0 when not all images have the same size.
	First, Stride uint32
	// ByAddress tells that entries with the same address share one image.
	ByAddress bool
}

// LotID is the number by which a bundle names a lot: the first four bytes of
// the SHA-256 of its name, little-endian. A device holds it as a constant.
func LotID(name string) uint32 {
	sum := sha256.Sum256([]byte(name))
	return binary.LittleEndian.Uint32(sum[:])
}

// FormatError tells why bytes are not a whole bundle, and where.
type FormatError struct {
	Offset uint32 // in the file, bytes
	Reason string
}

func (e *FormatError) Error() string {
	return fmt.Sprintf("not a whole release bundle, at offset 0x%08x: %s", e.Offset, e.Reason)
}

func badf(offset uint64, format string, args ...any) *FormatError {
	return &FormatError{Offset: uint32(min(offset, 1<<32-1)), Reason: fmt.Sprintf(format, args...)}
}

// LimitError tells why entries cannot be put into a bundle.
type LimitError struct{ Reason string }

func (e *LimitError) Error() string { return "cannot make a bundle: " + e.Reason }

func limitf(format string, args ...any) *LimitError { return &LimitError{fmt.Sprintf(format, args...)} }

// aligned rounds up to the next multiple of Align.
func aligned(n uint64) uint64 { return (n + Align - 1) &^ (Align - 1) }
