package bootloader

import (
	"crypto/sha256"

	"github.com/bootsim/bootsim/emu/efuse"
	"github.com/bootsim/bootsim/emu/rom"
	"github.com/bootsim/bootsim/flashmodel/espimage"
)

// signedKeys checks that bootloader and app are signed with the key in BLOCK2,
// or plans to burn the bootloader's (check_and_generate_secure_boot_keys).
func (s *session) signedKeys(app *image, plan burnPlan) (code int, err error) {
	e := s.dev.Efuses
	if scheme := e.ShownScheme(); scheme == efuse.Coding34 || scheme == efuse.CodingRepeat {
		s.complain(msgSignedCoding, int(scheme))
		return errNotSupported, nil
	}
	own, code, err := s.verifiedOwnImage()
	if code != 0 || err != nil {
		return code, err
	}
	digest := rom.TrustedDigest(e)
	s.touchUnused(bootBlock)
	if s.keyStateOf(bootBlock) == keyUnset {
		s.log(msgDigestState, "absent, generating..")
		digest = s.calculated(own)
		s.log(msgBlocksOfBoot, 1)
		s.log(msgBurningDigest)
		s.log(msgKeyWriting, bootBlock-1, keyPurposeSecureBoot)
		s.touchWritten(bootBlock)
		plan[bootBlock] = wordsOf(digest[:])
	} else if code := s.preloadedDigest(digest); code != 0 {
		return code, nil
	}
	plan[0][0] |= protectBootKey
	signer := s.calculated(app)
	s.log(msgBlocksOfApp, 1)
	if signer != digest {
		s.complain(msgKeysDiffer)
		return errFail, nil
	}
	s.log(msgKeysMatch, 0, 0)
	return 0, nil
}

// keyPurposeSecureBoot is ESP_EFUSE_KEY_PURPOSE_SECURE_BOOT_V2.
const keyPurposeSecureBoot = 3

// preloadedDigest judges a block that is in use.
func (s *session) preloadedDigest(digest [sha256.Size]byte) (code int) {
	s.log(msgDigestState, "already present")
	s.touchPreloaded(digest == [sha256.Size]byte{})
	switch {
	case s.dev.Efuses.KeyReadProtected(bootBlock):
		s.complain(msgDigestHidden, bootBlock)
		return errFail
	case digest == [sha256.Size]byte{}:
		s.complain(msgDigestBlank, bootBlock)
		return errFail
	}
	s.log(msgDigestPreloaded)
	return 0
}

// calculated is the digest of the key that a verified image is signed with.
func (s *session) calculated(im *image) [sha256.Size]byte {
	at := im.offset + im.length - signatureV2
	s.log(msgCalculating, im.offset, at)
	s.mapped(im.offset, at-im.offset)
	s.unmapped()
	s.log(msgReadingBlock)
	sector := make([]byte, signatureV2)
	s.view(at, sector)
	block, _ := espimage.DecodeSignatureV2(sector)
	s.log(msgBlockValid)
	s.log(msgBlockFound, 0)
	s.log(msgBlockVerified, 0)
	s.log(msgDigestsCounted, 1, im.offset)
	return sha256.Sum256(block.PublicKey)
}
