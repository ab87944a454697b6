package bootloader

import (
	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/flashmodel/espimage"
)

// verifyHeader judges an image header: magic byte, chip, odd SPI fields, number
// of segments. How much of it is looked at after a first error depends on the
// version (spec 3.2).
func (s *session) verifyHeader(im *image) error {
	h := im.header
	s.log(msgImageHeader, h.Magic, h.SegmentCount, h.SPIMode, h.Size(), h.Entry)
	var failed error
	if h.Magic != espimage.Magic {
		failed = s.refuseImage(im, emu.Refusal{Reason: emu.ReasonAppMagic, Want: espimage.Magic, Got: uint64(h.Magic)},
			msgAppMagic, im.offset)
		if s.p.has(featStopsAtMagic) {
			return failed
		}
	}
	if !s.p.has(featValidityLate) && !s.imageValidity(im) {
		failed = errRefused
	}
	s.oddFields(im)
	if s.p.has(featValidityLate) && failed == nil && !s.imageValidity(im) {
		failed = errRefused
		if s.p.has(featStopsAtMagic) {
			im.failed = errFail
		}
	}
	if failed != nil {
		return failed
	}
	if h.SegmentCount > espimage.MaxSegments {
		return s.refuseImage(im, emu.Refusal{Reason: emu.ReasonAppSegmentCount, Want: espimage.MaxSegments, Got: uint64(h.SegmentCount)},
			msgSegmentCount, im.offset, h.SegmentCount, espimage.MaxSegments)
	}
	return nil
}

// imageValidity checks chip id and revisions in versions that do.
func (s *session) imageValidity(im *image) bool {
	if !s.p.has(featChipIDs) {
		return true
	}
	kind := appImage
	if im.own && s.p.has(featKnowsBootloaders) {
		kind = ownImage
	}
	return s.checkValidity(im.header, kind, im.refusal(emu.Refusal{}))
}

// Largest values of the SPI fields that are not odd.
const (
	maxMode  = 5
	maxSpeed = 0x0F
	maxSize  = 5
)

// oddFields warns of SPI fields that mean nothing to a bootloader.
func (s *session) oddFields(im *image) {
	if !s.p.has(featSPIWarnings) {
		return
	}
	h := im.header
	if h.SPIMode > maxMode {
		s.log(msgOddMode, im.offset, h.SPIMode)
	}
	if h.Speed() > maxSpeed {
		s.log(msgOddSpeed, im.offset, h.Speed())
	}
	if h.Size() > maxSize {
		s.log(msgOddSize, im.offset, h.Size())
	}
}
