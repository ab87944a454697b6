package bootloader

import (
	"crypto/sha256"

	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/flashmodel"
)

// verifySignature is verify_secure_boot_signature for a scheme V1 build. An app
// without a signature is refused; what the key says about one is not modelled,
// for the key is in the bootloader's binary (spec 3.5).
func (s *session) verifySignature(im *image) error {
	s.log(msgVerifying)
	if s.p.SignedApps != SecureBootV1 {
		return unmodelled("verification of an app's signature of scheme V2")
	}
	end := im.offset + im.length
	if im.header.HashAppended != 0 {
		var simple [sha256.Size]byte
		s.view(end-sha256.Size, simple[:])
		im.sha.Write(simple[:])
	}
	s.logHash(msgHashSecure, [sha256.Size]byte(im.sha.Sum(nil)))
	var block [signatureV1]byte
	s.view(end, block[:])
	version := le32(block[:])
	if version == 0 {
		return unmodelled("verification of an app's signature of scheme V1")
	}
	s.log(msgSignatureVersion, version)
	err := s.refuseImage(im, emu.Refusal{Reason: emu.ReasonAppSignature, Offset: end, Got: uint64(version)}, msgSignatureBad)
	s.tellCorruption(im)
	return err
}

// tellCorruption finds out whether an image without a good signature is
// otherwise in order.
func (s *session) tellCorruption(im *image) {
	s.log(msgSimpleHash)
	size := im.length - sha256.Size
	if !s.mapped(im.offset, size) {
		return
	}
	im.sha = sha256.New()
	im.absorb(s, segment{data: im.offset, size: size})
	s.unmapped()
	if s.compareHash(im) != nil {
		s.log(msgCorrupted)
	} else {
		s.log(msgSignatureOnly)
	}
}

// Sizes of signatures behind an image (spec 3.5).
const (
	signatureV1 = 68
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
