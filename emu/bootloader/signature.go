package bootloader

import "github.com/bootsim/bootsim/flashmodel"

// verifySignature would judge an app's signature (spec 3.5).
func (s *session) verifySignature(*image) error {
	s.log(msgVerifying)
	return unmodelled("verification of the app's signature")
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
