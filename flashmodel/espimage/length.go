package espimage

import (
	"encoding/binary"
	"fmt"
)

// LengthOf returns the length in bytes of an image, with checksum and hash and
// without a signature, of which read shows any piece by its offset. It reads
// headers alone. The error is a *FormatError for what is no image of at most
// limit bytes; neither checksum nor hash is looked at.
func LengthOf(read func(offset uint32, p []byte), limit uint32) (uint32, error) {
	var head [HeaderSize]byte
	if limit < HeaderSize {
		return 0, &FormatError{Offset: 0, Reason: "there is no room for an image header"}
	}
	read(0, head[:])
	h, _ := DecodeHeader(head[:]) // long enough
	if h.Magic != Magic {
		return 0, &FormatError{Offset: 0, Reason: fmt.Sprintf("magic byte is 0x%02x, not 0x%02x: no image here, or it is encrypted", h.Magic, Magic)}
	}
	pos := uint64(HeaderSize)
	for i := range int(h.SegmentCount) {
		if pos+SegmentHeadSize > uint64(limit) {
			return 0, &FormatError{Offset: uint32(pos), Reason: fmt.Sprintf("segment %d begins past the end", i)}
		}
		var seg [SegmentHeadSize]byte
		read(uint32(pos), seg[:])
		pos += SegmentHeadSize + uint64(binary.LittleEndian.Uint32(seg[4:]))
	}
	end := checksumEnd(pos)
	if h.HashAppended != 0 {
		end += HashSize
	}
	if end > uint64(limit) {
		return 0, &FormatError{Offset: limit, Reason: fmt.Sprintf("the image would end at 0x%x, past the end at 0x%x", end, limit)}
	}
	return uint32(end), nil
}
