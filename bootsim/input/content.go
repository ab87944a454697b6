package input

import (
	"bytes"
	"encoding/binary"

	"github.com/bootsim/bootsim/bootsim/input/ihex"
	"github.com/bootsim/bootsim/bootsim/input/uf2"
	"github.com/bootsim/bootsim/flashmodel/espimage"
	"github.com/bootsim/bootsim/flashmodel/otadata"
	"github.com/bootsim/bootsim/flashmodel/parttable"
)

// kind is what the bytes of a file are.
type kind uint8

const (
	kindOther      kind = iota
	kindEmpty           // no bytes
	kindErased          // nothing but 0xFF
	kindBootloader      // second-stage bootloader image
	kindApp             // application image, with flash-mapped segments
	kindRAM             // image of neither sort: runs from RAM
	kindTable           // binary partition table
	kindOTAData         // at least one entry with a right CRC
	kindPHY             // RF calibration data
	kindMerged          // flash content from address 0
	kindShifted         // flash content from address 0x1000
	kindHex             // Intel HEX
	kindUF2
	kindELF
	kindZip
	kindKey        // as long as a key and as random
	kindCipher     // as random as ciphertext
	kindCipherDump // an encrypted flash, erased sectors included
)

func (k kind) String() string {
	return [...]string{
		"unknown content", "an empty file", "erased flash", "a bootloader", "an application", "an image that runs from RAM",
		"a partition table", "OTA data", "PHY data", "flash content from 0x0", "flash content from 0x1000",
		"Intel HEX", "UF2", "an ELF file", "a zip archive", "a key", "ciphertext", "an encrypted flash dump",
	}[k]
}

// content is what the start of a file tells of it.
type content struct {
	kind  kind
	chip  string            // a chip other than the ESP32 that an image is for; empty: the ESP32, or unknown
	rows  []parttable.Entry // of a table, or of the one inside flash content
	boots bool              // flash content with a bootloader at 0x1000
}

// sniff tells what a file is by its first bytes and its size.
func sniff(head []byte, size int64) content {
	switch {
	case len(head) == 0:
		return content{kind: kindEmpty}
	case bytes.HasPrefix(head, []byte("\x7fELF")):
		return content{kind: kindELF}
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		return content{kind: kindZip}
	case ihex.Looks(head):
		return content{kind: kindHex}
	case uf2.Looks(head):
		return content{kind: kindUF2}
	case int64(len(head)) == size && isErased(head):
		return content{kind: kindErased}
	case bytes.HasPrefix(head, []byte("PHYINIT\x00")):
		return content{kind: kindPHY}
	}
	if c, ok := sniffImage(head, size); ok {
		return c
	}
	return sniffData(head, size)
}

// sniffImage recognises images and what starts with one.
func sniffImage(head []byte, size int64) (content, bool) {
	c, ok := classify(head, size)
	if !ok || c.kind != kindBootloader {
		return c, ok
	}
	at, rows := findTable(head, sectorSize)
	switch {
	case at == 0:
		return c, true
	case at == lowest(rows)-sectorSize: // a table just below what it describes: flash from 0x0
		return content{kind: kindMerged, chip: c.chip, rows: rows}, true
	}
	return content{kind: kindShifted, chip: c.chip, rows: rows, boots: true}, true
}

// sniffData recognises what does not start with an image.
func sniffData(head []byte, size int64) content {
	if rows := tableRows(head); len(rows) > 0 {
		return content{kind: kindTable, rows: rows}
	}
	if len(head) > bootloaderAddress {
		inner, ok := classify(head[bootloaderAddress:], size-bootloaderAddress)
		at, rows := findTable(head, defaultTable)
		if ok && inner.kind == kindBootloader || at != 0 {
			return content{kind: kindMerged, chip: inner.chip, rows: rows, boots: ok}
		}
	}
	switch {
	case isOTAData(head, size):
		return content{kind: kindOTAData}
	case isKey(head, size):
		return content{kind: kindKey}
	}
	return content{kind: sniffCipher(head, size)}
}

// isOTAData tells whether one of the two sectors starts with a valid entry.
func isOTAData(head []byte, size int64) bool {
	if size > 2*sectorSize || len(head) < otadata.EntrySize {
		return false
	}
	for at := 0; at+otadata.EntrySize <= len(head); at += sectorSize {
		if e := otadata.Decode(head[at : at+otadata.EntrySize]); !e.Erased() && e.CRCOK() {
			return true
		}
	}
	return false
}

func isErased(b []byte) bool {
	for _, v := range b {
		if v != 0xFF {
			return false
		}
	}
	return true
}

// chipName returns the chip of an image header. It is empty for the ESP32, and
// for ids that belong to no chip: what those do to an ESP32 is for a check to say.
func chipName(head []byte) string {
	if len(head) >= 12 && binary.LittleEndian.Uint32(head[8:]) >= 0x3F000000 {
		return "ESP8266" // its header has 8 bytes: a load address follows
	}
	if len(head) < espimage.HeaderSize {
		return ""
	}
	return chipOf(binary.LittleEndian.Uint16(head[12:]))
}
