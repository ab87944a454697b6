package diagnose

import (
	"crypto/sha256"
	"encoding/binary"

	"github.com/bootsim/bootsim/flashmodel"
	"github.com/bootsim/bootsim/flashmodel/espimage"
)

// imageLength returns the length that an image's headers imply, read from the
// file that was written if there is one: the flash may hold something else by now.
func imageLength(c *Context, r region) (uint32, bool) {
	if p := c.written(r); p != nil {
		if im, err := espimage.Parse(plaintextOf(c, r, p)); err == nil {
			return im.Length, true
		}
	}
	im, err := espimage.Parse(flashContent(c, r))
	if err != nil {
		return 0, false
	}
	return im.Length, true
}

// flashContent returns what the device reads from a region on, and beyond its
// end as far as an image may reach.
func flashContent(c *Context, r region) []byte {
	n := min(uint64(r.size)*2, uint64(c.Device.Flash.Size())-min(uint64(r.addr), uint64(c.Device.Flash.Size())))
	b := make([]byte, n)
	c.Device.Cached().Read(r.addr, b)
	return b
}

// patchedHeader looks for other values of the flash mode, speed and size bytes
// with which the appended SHA-256 fits.
func patchedHeader(c *Context, r region) ([2]byte, bool) {
	b := flashContent(c, r)
	im, err := espimage.Parse(b)
	if err != nil || im.HashAppended == 0 || !im.ChecksumOK() || im.HashOK() {
		return [2]byte{}, false
	}
	body := b[:im.Length-sha256.Size]
	return rewrittenHeader(body, func() bool { return sha256.Sum256(body) == im.StoredHash })
}

// erasedHole returns the first erased sector inside an image.
func erasedHole(c *Context, r region) (uint32, bool) {
	end, ok := segmentsEnd(flashContent(c, r))
	if !ok {
		return 0, false
	}
	for a := r.addr; a < r.addr+end; a += flashmodel.SectorSize {
		if c.Device.Flash.Erased(a, flashmodel.SectorSize) {
			return a, true
		}
	}
	return 0, false
}

// segmentsEnd follows segment headers as far as they make sense.
func segmentsEnd(b []byte) (uint32, bool) {
	h, err := espimage.DecodeHeader(b)
	if err != nil {
		return 0, false
	}
	pos := uint64(espimage.HeaderSize)
	for range h.SegmentCount {
		if pos+8 > uint64(len(b)) {
			break
		}
		n := uint64(binary.LittleEndian.Uint32(b[pos+4:]))
		if n > uint64(len(b)) {
			break
		}
		pos += 8 + n
	}
	return uint32(min(pos, uint64(len(b)))), true
}
