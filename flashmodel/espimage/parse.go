package espimage

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
)

// maxLength keeps every offset of an image within 32 bits, in bytes.
const maxLength = 1 << 30

// Segment is one stretch of an image and where it is to be put.
type Segment struct {
	LoadAddr     uint32 // address the data is copied or mapped to
	Length       uint32 // bytes of data, as stored
	HeaderOffset uint32 // offset of the segment's own 8-byte header in the image
	DataOffset   uint32 // offset of the first data byte in the image
}

// Image is what the bytes of a whole image say.
type Image struct {
	Header
	Segments       []Segment // in the order they are stored
	ChecksumOffset uint32    // offset of the stored checksum byte
	Checksum       uint8     // XOR of all segment data with ChecksumSeed
	StoredChecksum uint8     // the byte at ChecksumOffset
	Hash           [32]byte  // SHA-256 of everything before the stored hash; zero without HashAppended
	StoredHash     [32]byte  // the appended hash; zero without HashAppended
	Length         uint32    // bytes of the image, with checksum and hash, without a signature
	App            *AppDesc  // nil without an application descriptor
	Boot           *BootDesc // nil without a bootloader descriptor
}

// ChecksumOK tells whether the stored checksum is the right one.
func (im *Image) ChecksumOK() bool { return im.Checksum == im.StoredChecksum }

// HashOK tells whether an appended hash is the right one. An image without a
// hash is not OK; look at HashAppended first.
func (im *Image) HashOK() bool {
	return im.HashAppended != 0 && im.Hash == im.StoredHash
}

// Parse reads the image at the start of b, which may be longer than the image.
// A wrong checksum or hash is no error: ask ChecksumOK and HashOK.
//
// The error is a *FormatError when b does not hold a whole image. Parse then
// also returns what it could decode up to there, or nil if that is not even a
// header with the right magic byte. It looks at each byte of b at most twice,
// whatever the lengths in b claim, and allocates by the segment count alone. Of
// a b beyond 1 GiB, 64 times the largest flash, it sees the beginning.
func Parse(b []byte) (*Image, error) {
	b = b[:min(len(b), maxLength)]
	h, err := DecodeHeader(b)
	if err != nil {
		return nil, err
	}
	if h.Magic != Magic {
		return nil, &FormatError{Offset: 0,
			Reason: fmt.Sprintf("magic byte is 0x%02x, not 0x%02x: no image here, or it is encrypted", h.Magic, Magic)}
	}
	im := &Image{Header: h}
	im.App, _ = DecodeAppDesc(b)
	im.Boot, _ = DecodeBootDesc(b)
	end, err := im.readSegments(b)
	if err != nil {
		return im, err
	}
	return im, im.readFooter(b, end)
}

// readSegments walks the segments and returns the offset behind the last one.
func (im *Image) readSegments(b []byte) (end uint64, err error) {
	pos, size := uint64(HeaderSize), uint64(len(b))
	im.Checksum = ChecksumSeed
	im.Segments = make([]Segment, 0, im.SegmentCount)
	for i := range int(im.SegmentCount) {
		if size-pos < SegmentHeadSize {
			return pos, &FormatError{Offset: uint32(pos), Reason: fmt.Sprintf(
				"the header counts %d segments, but the data ends before the header of segment %d", im.SegmentCount, i)}
		}
		s := Segment{
			LoadAddr:     binary.LittleEndian.Uint32(b[pos:]),
			Length:       binary.LittleEndian.Uint32(b[pos+4:]),
			HeaderOffset: uint32(pos),
			DataOffset:   uint32(pos + SegmentHeadSize),
		}
		pos += SegmentHeadSize
		if uint64(s.Length) > size-pos {
			return pos, &FormatError{Offset: s.HeaderOffset, Reason: fmt.Sprintf(
				"segment %d for 0x%08x is 0x%x bytes long, but only 0x%x follow: cut short or not an image",
				i, s.LoadAddr, s.Length, size-pos)}
		}
		im.Checksum ^= XOR(b[pos : pos+uint64(s.Length)])
		im.Segments = append(im.Segments, s)
		pos += uint64(s.Length)
	}
	return pos, nil
}

// readFooter reads checksum and hash, given the offset behind the segments.
func (im *Image) readFooter(b []byte, end uint64) error {
	unitEnd := checksumEnd(end)
	im.ChecksumOffset = uint32(unitEnd - 1)
	im.Length = uint32(unitEnd)
	if unitEnd > uint64(len(b)) {
		return &FormatError{Offset: im.ChecksumOffset, Reason: "the data ends before the checksum: cut short"}
	}
	im.StoredChecksum = b[unitEnd-1]
	if im.HashAppended == 0 {
		return nil
	}
	im.Hash = sha256.Sum256(b[:unitEnd])
	im.Length += HashSize
	if n := copy(im.StoredHash[:], b[unitEnd:]); n < HashSize {
		return &FormatError{Offset: uint32(unitEnd), Reason: fmt.Sprintf(
			"only %d of %d bytes of the appended SHA-256 are there: cut short", n, HashSize)}
	}
	return nil
}

// checksumEnd rounds an offset up to the end of the 16-byte unit that has room
// for one more byte. ROM and bootloader both take the last byte of that unit.
func checksumEnd(end uint64) uint64 {
	return (end/ChecksumUnit + 1) * ChecksumUnit
}

// XOR returns the exclusive or of all bytes. The checksum of an image is
// ChecksumSeed ^ XOR of all its segment data.
func XOR(b []byte) uint8 {
	var w uint64 // the bytes of eight columns, folded at the end
	for ; len(b) >= 32; b = b[32:] {
		w ^= binary.LittleEndian.Uint64(b) ^ binary.LittleEndian.Uint64(b[8:]) ^
			binary.LittleEndian.Uint64(b[16:]) ^ binary.LittleEndian.Uint64(b[24:])
	}
	w ^= w >> 32
	w ^= w >> 16
	sum := uint8(w ^ w>>8)
	for _, c := range b {
		sum ^= c
	}
	return sum
}
