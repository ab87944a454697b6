package espimage

import (
	"encoding/binary"
	"fmt"
)

// Header is the 24-byte header of an image (spec 3.1). The fields hold what is
// stored, valid or not.
type Header struct {
	Magic        uint8    // Magic in every image
	SegmentCount uint8    // segments that follow
	SPIMode      uint8    // 0 QIO, 1 QOUT, 2 DIO, 3 DOUT, 4 FAST_READ, 5 SLOW_READ
	SpeedSize    uint8    // low nibble SPI speed, high nibble flash size
	Entry        uint32   // address of the first instruction
	WPPin        uint8    // SPI write-protect pin, WPPinDisabled for none
	PinDrv       [3]uint8 // drive strengths: clk/q, d/cs0, hd/wp, a nibble each
	ChipID       uint16   // ChipESP32, or another chip's id
	MinRev       uint8    // lowest chip major revision (old style)
	MinRevFull   uint16   // lowest chip revision, 100*major+minor
	MaxRevFull   uint16   // highest chip revision, 100*major+minor; 0 and 65535 mean any
	Reserved     [4]byte  // as stored
	HashAppended uint8    // non-zero: a SHA-256 follows the checksum
}

// DecodeHeader reads the header from the first 24 bytes of b. Only a b that is
// too short is an error (*FormatError): a wrong magic byte is for the caller to
// judge, because readers differ in what they do about it.
func DecodeHeader(b []byte) (Header, error) {
	if len(b) < HeaderSize {
		return Header{}, &FormatError{Offset: uint32(len(b)),
			Reason: fmt.Sprintf("%d bytes are too short for an image header of %d", len(b), HeaderSize)}
	}
	h := Header{
		Magic: b[0], SegmentCount: b[1], SPIMode: b[2], SpeedSize: b[3],
		Entry:  binary.LittleEndian.Uint32(b[4:]),
		WPPin:  b[8],
		PinDrv: [3]uint8(b[9:12]),
		ChipID: binary.LittleEndian.Uint16(b[12:]),
		MinRev: b[14],
		// The two full revisions are not aligned: they were fitted into
		// reserved bytes after min_chip_rev.
		MinRevFull:   binary.LittleEndian.Uint16(b[15:]),
		MaxRevFull:   binary.LittleEndian.Uint16(b[17:]),
		Reserved:     [4]byte(b[19:23]),
		HashAppended: b[23],
	}
	return h, nil
}

// Encode returns the 24 bytes of the header.
func (h Header) Encode() [HeaderSize]byte {
	var b [HeaderSize]byte
	b[0], b[1], b[2], b[3] = h.Magic, h.SegmentCount, h.SPIMode, h.SpeedSize
	binary.LittleEndian.PutUint32(b[4:], h.Entry)
	b[8] = h.WPPin
	copy(b[9:12], h.PinDrv[:])
	binary.LittleEndian.PutUint16(b[12:], h.ChipID)
	b[14] = h.MinRev
	binary.LittleEndian.PutUint16(b[15:], h.MinRevFull)
	binary.LittleEndian.PutUint16(b[17:], h.MaxRevFull)
	copy(b[19:23], h.Reserved[:])
	b[23] = h.HashAppended
	return b
}

// Speed returns the SPI speed nibble: 0 40 MHz, 1 26.7, 2 20, 0xF 80.
func (h Header) Speed() uint8 { return h.SpeedSize & 0x0F }

// Size returns the flash size nibble: 0..4 are 1..16 MB, 5..7 are 32..128 MB.
func (h Header) Size() uint8 { return h.SpeedSize >> 4 }
