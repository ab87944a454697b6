package fuzz

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/rsa"
	"slices"

	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/bootloader"
	"github.com/bootsim/bootsim/emu/rom"
	"github.com/bootsim/bootsim/flashmodel/espimage"
	"github.com/bootsim/bootsim/flashmodel/secureboot"
)

// scheme is how the device wants a part signed: an app as its bootloader does,
// the bootloader as the ROM does.
func (s *Subject) scheme(kind partKind) bootloader.SecureBoot {
	fuses := s.Device.Efuses
	switch {
	case kind == partApp:
		return s.Profile.SignedApps
	case s.Device.ROM == emu.ROM2019 && fuses.AbsDone1():
		return bootloader.SecureBootV2
	case fuses.AbsDone0():
		return bootloader.SecureBootV1
	}
	return bootloader.SecureBootNone
}

// withSignature adds the signature behind an image to a part, and works out how
// far no byte may change: the hash, or what is signed and the one block that
// says so. With a second block a change of the first need not be fatal.
func (s *Subject) withSignature(p part, limit uint32) part {
	p.fatal = p.size
	scheme := s.scheme(p.kind)
	switch {
	case p.kind == partBootloader && scheme == bootloader.SecureBootNone:
		p.fatal = 0 // nobody hashes it
	case p.kind == partBootloader && scheme == bootloader.SecureBootV1:
		p.fatal = secureboot.V1Covered(p.image.ChecksumOffset)
	case scheme == bootloader.SecureBootV1 && p.size+espimage.SignatureV1Size <= limit:
		p.signature, p.signed, p.fatal = p.size, espimage.SignatureV1Size, p.size+espimage.SignatureV1Size
	case scheme == bootloader.SecureBootV2:
		p = s.withBlocks(p, limit)
	}
	if p.signed != 0 {
		p.size = p.signature + p.signed
	}
	return p
}

// withBlocks is withSignature for scheme V2.
func (s *Subject) withBlocks(p part, limit uint32) part {
	start := uint32(espimage.SignatureV2Offset(p.size))
	blocks := uint32(0)
	for blocks < espimage.SignatureV2Blocks && start+secureboot.SectorSize <= limit {
		var magic [1]byte
		s.Device.Cached().Read(p.at+start+blocks*espimage.SignatureV2BlockSize, magic[:])
		if magic[0] != espimage.SignatureV2Magic {
			break
		}
		blocks++
	}
	if blocks == 0 {
		return p
	}
	p.signature, p.signed, p.fatal = start, blocks*espimage.SignatureV2BlockSize, start
	if blocks == 1 {
		p.fatal += blockCRC + 4
	}
	return p
}

// digestSector is the sector of Secure Boot V1 as a part, if there is one.
func (s *Subject) digestSector() {
	const size = secureboot.V1IVSize + secureboot.V1DigestSize
	if s.scheme(partBootloader) == bootloader.SecureBootV1 {
		s.parts = append(s.parts, part{name: "digest", kind: partDigest, size: size, fatal: size})
	}
}

// signer is a key to sign for the device with: its own, if it is known, or a
// stranger's; nil without one.
func (s *Subject) signer(scheme bootloader.SecureBoot, whose string) crypto.Signer {
	if whose == SignForged {
		return strangers()[scheme-bootloader.SecureBootV1]
	}
	for _, k := range s.signers {
		switch k := k.(type) {
		case *ecdsa.PrivateKey:
			public, err := secureboot.NewV1Key(&k.PublicKey)
			if scheme == bootloader.SecureBootV1 && err == nil && slices.Contains(s.Profile.AppKeys, public) {
				return k
			}
		case *rsa.PrivateKey:
			public, err := secureboot.NewV2Key(&k.PublicKey)
			if scheme == bootloader.SecureBootV2 && err == nil && public.Digest() == rom.TrustedDigest(s.Device.Efuses) {
				return k
			}
		}
	}
	return nil
}

// canSign tells whether an app can be signed so that the device starts it; where
// nothing need be signed it can.
func (s *Subject) canSign() bool {
	scheme := s.Profile.SignedApps
	return scheme == bootloader.SecureBootNone || s.signer(scheme, SignOwn) != nil
}
