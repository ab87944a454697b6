package bootloader

import (
	"crypto/sha256"

	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/rom"
	"github.com/bootsim/bootsim/flashmodel/espimage"
	"github.com/bootsim/bootsim/flashmodel/secureboot"
)

// verifyECDSA verifies a signature of scheme V1 with the key that the bootloader
// embeds (esp_secure_boot_verify_ecdsa_signature_block). Of several candidates
// in its binary, any will do.
func (s *session) verifyECDSA(at uint32, digest [sha256.Size]byte) (bool, error) {
	var raw [signatureV1]byte
	s.view(at, raw[:])
	block, _ := espimage.DecodeSignatureV1(raw[:])
	if block.Version != 0 {
		s.log(msgSignatureVersion, block.Version)
		return false, nil
	}
	if len(s.p.AppKeys) == 0 {
		return false, unmodelled("verification of an app's signature: the bootloader's public key is not known")
	}
	s.log(msgVerifyingECDSA)
	good := false
	for _, key := range s.p.AppKeys {
		good = good || secureboot.VerifyV1Digest(digest, block, key) == nil
	}
	s.log(msgVerifiedECDSA, boolNumber(good))
	return good, nil
}

// verifyPSS verifies a signature sector of scheme V2 through the ROM's function,
// which prints what it turns down.
func (s *session) verifyPSS(at uint32, digest [sha256.Size]byte) (bool, error) {
	if s.dev.ROM == emu.ROM2016 {
		return false, unmodelled("a signature of scheme V2 on a chip whose ROM cannot verify one")
	}
	sector := make([]byte, signatureV2)
	s.view(at, sector)
	trusted, ok := s.trustedDigest(sector)
	if !ok {
		return false, nil
	}
	s.log(msgVerifyingPSS)
	res := secureboot.VerifySectorV2(digest, sector, at, secureboot.Options{KeyDigest: &trusted})
	if !res.OK() {
		for _, l := range rom.SignatureLines(res) {
			s.console(l)
		}
		s.log(msgFailedPSS)
		return false, nil
	}
	s.log(msgVerifiedPSS)
	return true, nil
}

// trustedDigest is the digest of the key to trust. Before ABS_DONE_1 is burnt it
// may be that of whatever key the signature brings. It reports false where the
// verification ends there.
func (s *session) trustedDigest(sector []byte) (trusted [sha256.Size]byte, ok bool) {
	trusted = rom.TrustedDigest(s.dev.Efuses)
	if !s.p.has(featFusesTrusted) {
		return s.trustedOld(trusted, sector)
	}
	blank := trusted == [sha256.Size]byte{}
	switch {
	case blank && s.bootEnabled():
		s.log(msgDigestsUnreadable)
		return trusted, false
	case blank:
		s.log(msgDigestsUnset)
	}
	if s.bootEnabled() {
		return trusted, true
	}
	if block, valid := s.validBlock(sector); valid && blank {
		trusted = sha256.Sum256(block.PublicKey)
	}
	return trusted, true
}

// validBlock looks at the first block of a sector (validate_signature_block).
func (s *session) validBlock(sector []byte) (block espimage.SignatureBlockV2, valid bool) {
	block, ok := espimage.DecodeSignatureV2(sector)
	if !ok || block.Magic != espimage.SignatureV2Magic || !block.CRCOK() {
		return block, false
	}
	if s.p.has(featSchemeChecked) && block.Version != espimage.SignatureV2Version {
		s.log(msgOtherScheme, "RSA", schemeName(block.Version))
		return block, false
	}
	return block, true
}

// schemeName is how versions that check the scheme call it.
func schemeName(version byte) string {
	switch version {
	case espimage.SignatureV2Version:
		return "RSA"
	case 0, 3:
		return "ECDSA"
	}
	return "Unknown"
}

// trustedOld is trustedDigest of v4.1 and v4.2.
func (s *session) trustedOld(burnt [sha256.Size]byte, sector []byte) (trusted [sha256.Size]byte, ok bool) {
	if s.bootEnabled() {
		return burnt, true
	}
	s.log(msgNotProgrammed)
	block, _ := espimage.DecodeSignatureV2(sector)
	own := sha256.Sum256(block.PublicKey)
	if s.p.has(featDigestBlockRead) && own != burnt && burnt != [sha256.Size]byte{} {
		s.log(msgOtherDigest)
		return burnt, false
	}
	return own, true
}
