package esptool

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"

	"github.com/bootsim/bootsim/bootsim/tool/cli"
	"github.com/bootsim/bootsim/flashmodel/espimage"
)

// magic8266 begins the second kind of ESP8266 images.
const magic8266 = 0xEA

// segment is a segment as the reference keeps it: data for an address is
// padded with zeros to four bytes.
type segment struct {
	addr     uint32
	offset   int // of its header in the file
	data     []byte
	unsummed bool // not part of the checksum
}

// image is an image of any chip as the reference reads it. It is stricter than
// package espimage in some places and laxer in others, and it reads what that
// has no use for.
type image struct {
	chip     *chip
	version  int
	header   espimage.Header // of ESP8266 images only the first 8 bytes
	segments []segment
	checksum uint8
	// Of images of the ESP32 and later with an appended digest:
	digest         bool
	stored, actual []byte
	length         int // bytes that the digest covers
}

// loader reads an image.
type loader struct {
	data []byte
	pos  int
	im   *image
	warn func(format string, args ...any)
}

// loadImage reads the image of a chip at the start of data. warn takes the
// reference's warnings. Errors are fatal errors, or where the reference ends
// with a traceback, broken ones.
func loadImage(c *chip, data []byte, warn func(string, ...any)) (*image, error) {
	l := &loader{data: data, im: &image{chip: c, version: 1}, warn: warn}
	var err error
	switch {
	case c.id != noID:
		err = l.load()
	case len(data) > 0 && data[0] == magic8266:
		err = l.loadSecond()
	default:
		err = l.loadFirst()
	}
	if err == nil && len(l.im.segments) > espimage.MaxSegments {
		err = cli.Fatalf("Invalid segment count %d (max 16). Usually this indicates a linker script problem.", len(l.im.segments))
	}
	return l.im, err
}

// load reads an image of the ESP32 or a later chip.
func (l *loader) load() error {
	count, err := l.commonHeader(espimage.Magic)
	if err != nil {
		return err
	}
	if err := l.extendedHeader(); err != nil {
		return err
	}
	if err := l.body(count); err != nil || !l.im.digest {
		return err
	}
	l.im.length = l.pos
	sum := sha256.Sum256(l.data[:l.pos])
	l.im.actual = sum[:]
	l.im.stored = l.data[l.pos:min(len(l.data), l.pos+espimage.HashSize)]
	return nil
}

// commonHeader reads the first 8 bytes.
func (l *loader) commonHeader(magic uint8) (count int, err error) {
	b, ok := l.take(8)
	if !ok {
		return 0, cli.Brokenf("the image is cut short: %d bytes of the header's first 8 are there", len(b))
	}
	h := &l.im.header
	h.Magic, h.SegmentCount, h.SPIMode, h.SpeedSize = b[0], b[1], b[2], b[3]
	h.Entry = binary.LittleEndian.Uint32(b[4:])
	if h.Magic != magic {
		return 0, cli.Fatalf("Invalid firmware image magic=%#x", h.Magic)
	}
	return int(h.SegmentCount), nil
}

// extendedHeader reads the 16 bytes that follow.
func (l *loader) extendedHeader() error {
	if b, ok := l.take(16); !ok {
		return cli.Brokenf("the image is cut short: %d bytes of the extended header's 16 are there", len(b))
	}
	l.im.header, _ = espimage.DecodeHeader(l.data)
	h := &l.im.header
	if int(h.ChipID) != l.im.chip.id {
		l.warn("Unexpected chip ID in image. Expected %d but value was %d. Is this image for a different chip model?",
			l.im.chip.id, h.ChipID)
	}
	if h.HashAppended > 1 {
		return cli.Brokenf("Invalid value for append_digest field (0x%02x). Should be 0 or 1: "+
			"no image of the %s, or an encrypted one", h.HashAppended, l.im.chip.title)
	}
	l.im.digest = h.HashAppended == 1
	return nil
}

// body reads segments and checksum.
func (l *loader) body(count int) error {
	for range count {
		if err := l.segment(false); err != nil {
			return err
		}
	}
	l.pos += 15 - l.pos%16
	b, ok := l.take(1)
	if !ok {
		return cli.Brokenf("the image is cut short: it ends before its checksum")
	}
	l.im.checksum = b[0]
	return nil
}

// segment reads the next segment; one for the ESP8266's flash has no address.
func (l *loader) segment(irom bool) error {
	offset := l.pos
	b, ok := l.take(espimage.SegmentHeadSize)
	if !ok {
		return cli.Brokenf("the image is cut short: it ends before the header of segment %d", len(l.im.segments))
	}
	addr, size := binary.LittleEndian.Uint32(b), binary.LittleEndian.Uint32(b[4:])
	l.warnUnusual(addr, size, irom)
	data, ok := l.take(int(min(uint64(size), uint64(len(l.data))+1)))
	if !ok {
		return cli.Fatalf("End of file reading segment %#x, length %d (actual length %d)", addr, size, len(data))
	}
	if pad := len(data) % 4; addr != 0 && pad != 0 {
		data = append(bytes.Clone(data), make([]byte, 4-pad)...)
	}
	l.im.segments = append(l.im.segments, segment{addr: addr, offset: offset, data: data})
	return nil
}

// take returns the next n bytes, or those that are left and false.
func (l *loader) take(n int) ([]byte, bool) {
	from := min(l.pos, len(l.data))
	to := min(from+n, len(l.data))
	l.pos += n
	return l.data[from:to], to-from == n
}

// sum returns the checksum that the segments have.
func (im *image) sum() uint8 {
	sum := uint8(espimage.ChecksumSeed)
	for _, s := range im.segments {
		if !s.unsummed {
			sum ^= espimage.XOR(s.data)
		}
	}
	return sum
}
