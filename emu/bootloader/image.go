package bootloader

import (
	"crypto/sha256"
	"errors"

	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/flashmodel/espimage"
)

// errRefused says that an image was turned down; the refusal is recorded.
var errRefused = errors.New("image refused")

// Limits of an image (spec 3.2).
const (
	maxPartition = 16 << 20
	maxSegment   = 16 << 20
)

// segment is a segment of an image while it is loaded.
type segment struct {
	addr, size uint32
	data       uint32 // flash address of the data
}

// image is an image on its way into memory (esp_image_metadata_t).
type image struct {
	place
	slot     int
	own      bool // taken for a bootloader: by its address alone
	load     bool // put into memory, not only verified
	check    bool // verified at all
	header   espimage.Header
	segments []segment
	length   uint32 // so far; in the end with checksum and hash

	sum    byte // XOR of the segments' data
	stored [sha256.Size]byte

	secureVersion uint32

	overEntry bool // a segment of it was loaded over the bootloader's entry

	failed int // error number of the step that refused the image; 0 stands for errImageInvalid
}

// code is the error number with which an image was refused.
func (im *image) code() int {
	if im.failed == 0 {
		return errImageInvalid
	}
	return im.failed
}

// loadImage is image_load: it verifies an image and, for an app that is to be
// started, puts it into memory (spec 3.2). It returns errRefused for an image
// that is turned down, and a *halt where the boot ends.
func (s *session) loadImage(im *image) error {
	im.own = im.offset == ImageAddress || s.second != 0 && im.offset == s.second
	if im.size > maxPartition {
		im.failed = errInvalidArg
		return s.refuseImage(im, emu.Refusal{Reason: emu.ReasonPartitionTooLarge, Want: maxPartition, Got: uint64(im.size)},
			msgPartitionTooLarge, im.size)
	}
	for _, step := range []func(*image) error{
		s.imageHeader, s.imageSegments, s.imageChecksum, s.imageLength, s.imageDigest, s.imageVersion,
	} {
		if err := step(im); err != nil {
			return err
		}
	}
	return nil
}

// refuseImage records a refusal of an image and prints it.
func (s *session) refuseImage(im *image, r emu.Refusal, id messageID, args ...any) error {
	s.refuse(im.refusal(r), id, args...)
	return errRefused
}

// refusal completes a refusal with what it concerns.
func (im *image) refusal(r emu.Refusal) emu.Refusal {
	r.Slot, r.Label, r.Row = im.slot, im.label, im.row
	if r.Offset == 0 {
		r.Offset = im.offset
	}
	return r
}

// imageHeader reads and verifies the header.
func (s *session) imageHeader(im *image) error {
	s.log(msgReadingHeader, im.offset)
	var raw headerBytes
	if !s.read(im.offset, raw[:]) {
		return s.unreadable(im, im.offset, espimage.HeaderSize)
	}
	im.header, _ = espimage.DecodeHeader(raw[:])
	im.length = espimage.HeaderSize
	if !im.check {
		return nil
	}
	return s.verifyHeader(im)
}

// unreadable records a read that the bootloader's own flash layer refused. It
// has printed why.
func (s *session) unreadable(im *image, at, size uint32) error {
	r := im.refusal(emu.Refusal{Reason: emu.ReasonAppMap, Offset: at})
	r.Detail = s.misplaced(at, size)
	s.out.Refusals = append(s.out.Refusals, r)
	return errRefused
}
