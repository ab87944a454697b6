package bootloader

import (
	"crypto/sha256"

	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/flashmodel"
	"github.com/bootsim/bootsim/flashmodel/espimage"
)

// verifySignature is verify_secure_boot_signature (spec 3.5): of scheme V1 the
// block behind the image, of V2 the sector at the next multiple of 4 KiB.
func (s *session) verifySignature(im *image) error {
	if s.dev.JTAG && s.p.SecureBoot == SecureBootNone && s.p.has(featDebuggerSkips) {
		return nil
	}
	s.log(msgVerifying)
	at, digest := s.signedDigest(im)
	var good bool
	var err error
	if s.p.SignedApps == SecureBootV2 {
		good, err = s.verifyPSS(at, digest)
	} else {
		good, err = s.verifyECDSA(at, digest)
	}
	switch {
	case err != nil:
		return err
	case good:
		s.growBySignature(im, at)
		return nil
	}
	err = s.refuseImage(im, emu.Refusal{Reason: emu.ReasonAppSignature, Offset: at, Want: uint64(s.p.SignedApps)}, msgSignatureBad)
	s.tellCorruption(im)
	return err
}

// signedDigest completes the hash over the image with what the signature covers
// besides, and returns the address of the signature with it.
func (s *session) signedDigest(im *image) (at uint32, digest [sha256.Size]byte) {
	at = im.offset + im.length
	if im.header.HashAppended != 0 {
		var simple [sha256.Size]byte
		s.view(at-sha256.Size, simple[:])
	}
	if pad := -at % flashmodel.SectorSize; s.p.SignedApps == SecureBootV2 && pad > 0 {
		padding := make([]byte, pad)
		s.view(at, padding)
		at += pad
	}
	digest = s.hashOf(im.offset, at-im.offset)
	s.logHash(msgHashSecure, digest)
	return at, digest
}

// growBySignature counts a signature that was verified to the image's length.
func (s *session) growBySignature(im *image, at uint32) {
	switch {
	case s.p.SignedApps == SecureBootV2:
		im.length = at - im.offset + signatureV2
	case s.p.has(featSignatureGrows) && !im.own:
		im.length += signatureV1
	}
}

// tellCorruption finds out whether an image without a good signature is
// otherwise in order.
func (s *session) tellCorruption(im *image) {
	s.log(msgSimpleHash)
	size := im.length - sha256.Size
	if !s.mapped(im.offset, size) {
		return
	}
	s.unmapped()
	if s.compareHash(im) != nil {
		s.log(msgCorrupted)
	} else {
		s.log(msgSignatureOnly)
	}
}

// Sizes of signatures behind an image (spec 3.5).
const (
	signatureV1 = espimage.SignatureV1Size
	signatureV2 = flashmodel.SectorSize
)

// signatureSize is how many bytes the signature adds to an image.
func (s *session) signatureSize(im *image) uint32 {
	switch s.p.SignedApps {
	case SecureBootV1:
		if !im.own {
			return signatureV1
		}
	case SecureBootV2:
		return -im.length%flashmodel.SectorSize + signatureV2
	}
	return 0
}
