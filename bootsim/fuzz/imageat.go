package fuzz

import (
	"encoding/binary"

	"github.com/bootsim/bootsim/flashmodel"
	"github.com/bootsim/bootsim/flashmodel/espimage"
)

// maxImage is how much flash may belong to an image, in bytes.
const maxImage = 4 << 20

// imageAt reads the image at an address and no more than it takes: flash that
// is decrypted for nothing is what costs. It returns nil where no image can be
// followed to its end within limit bytes.
func imageAt(r flashmodel.Reader, at, limit uint32) (*espimage.Image, []byte) {
	limit = min(limit, maxImage, r.Size()-min(at, r.Size()))
	size := uint64(espimage.HeaderSize)
	var head [espimage.HeaderSize]byte
	r.Read(at, head[:])
	if head[0] != espimage.Magic {
		return nil, nil
	}
	for range int(head[1]) {
		if size >= uint64(limit) {
			return nil, nil
		}
		var length [4]byte
		r.Read(at+uint32(size)+4, length[:])
		size += espimage.SegmentHeadSize + uint64(binary.LittleEndian.Uint32(length[:]))
	}
	b := make([]byte, min(size+espimage.ChecksumUnit+espimage.HashSize, uint64(limit)))
	r.Read(at, b)
	im, err := espimage.Parse(b)
	if err != nil {
		return nil, nil
	}
	return im, b[:im.Length]
}
