// Package espimage reads and writes the application image format of the ESP32:
// header, segments, XOR checksum, appended SHA-256, descriptors and the places
// of secure boot signatures (spec 3.1). It decodes; it does not judge. Whether
// a bootloader of a certain version accepts an image is not decided here.
package espimage

import "fmt"

// Facts of the format. Sizes are in bytes.
const (
	Magic           = 0xE9       // first byte of every image
	MaxSegments     = 16         // most segments a bootloader accepts (the ECO3 ROM takes 32)
	HeaderSize      = 24         // image header
	SegmentHeadSize = 8          // load address and length before each segment's data
	ChecksumSeed    = 0xEF       // start value of the XOR checksum
	ChecksumUnit    = 16         // the checksum is the last byte of a unit of this size
	HashSize        = 32         // appended SHA-256
	AppDescMagic    = 0xABCD5432 // little-endian word at DescOffset
	BootDescMagic   = 0x50       // byte at DescOffset
	DescOffset      = 32         // first data byte of segment 0
	AppDescSize     = 256        // application descriptor (v3.3+)
	BootDescSize    = 80         // bootloader descriptor (v5.2+)
	ChipESP32       = 0          // chip id of the classic ESP32
	WPPinDisabled   = 0xEE       // write-protect pin byte that means none
)

// FormatError tells why bytes are not a whole image, and where.
type FormatError struct {
	Offset uint32 // offset in the image at which reading stopped, in bytes
	Reason string // what is wrong there, and what to check
}

// Error names the offset and the reason.
func (e *FormatError) Error() string {
	return fmt.Sprintf("espimage: at offset 0x%08x: %s", e.Offset, e.Reason)
}
