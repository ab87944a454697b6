package bootloader

import (
	"crypto/sha256"
	"encoding/hex"

	"github.com/bootsim/bootsim/emu"
)

// imageChecksum compares the XOR checksum, which is the last byte of the
// 16-byte unit after the segments. A debugger makes the bootloader pass over it.
func (s *session) imageChecksum(im *image) error {
	pad := 16 - im.length%16
	if !im.check {
		im.length += pad
		return nil
	}
	var buf [16]byte
	b := buf[:pad]
	if !s.read(im.offset+im.length, b) {
		return s.unreadable(im, im.offset+im.length, pad)
	}
	sum := im.sum ^ checksumSeed
	if stored := b[pad-1]; stored != sum && !s.dev.JTAG {
		return s.refuseImage(im, emu.Refusal{Reason: emu.ReasonAppChecksum, Offset: im.offset + im.length + pad - 1, Want: uint64(stored), Got: uint64(sum)},
			msgChecksum, sum, stored)
	}
	im.length += pad
	return nil
}

// checksumSeed is ESP_ROM_CHECKSUM_INITIAL.
const checksumSeed = 0xEF

// imageLength adds the appended hash and compares with the partition. It comes
// after all data was read, so that an image whose tail was overwritten fails
// by its checksum instead (spec 3.2).
func (s *session) imageLength(im *image) error {
	if im.header.HashAppended != 0 {
		if im.check && s.p.has(featReadsHashEarly) && !s.read(im.offset+im.length, im.stored[:]) {
			return s.unreadable(im, im.offset+im.length, sha256.Size)
		}
		im.length += sha256.Size
	}
	if im.own && s.p.has(featSkipsOwnLength) && s.p.SecureBoot != SecureBootV2 {
		return nil
	}
	full := im.length
	if s.p.has(featSignatureLength) {
		full += s.signatureSize(im)
	}
	if full > im.size {
		return s.refuseImage(im, emu.Refusal{Reason: emu.ReasonAppLength, Want: uint64(im.size), Got: uint64(full)},
			msgLength, full, im.size)
	}
	return nil
}

// imageDigest compares the appended hash, or verifies the signature in builds
// that require one. Bootloaders are exempt, for tools rewrite their headers,
// unless Secure Boot V2 signs them, too.
func (s *session) imageDigest(im *image) error {
	if im.own && s.p.SecureBoot != SecureBootV2 || !im.check {
		return nil
	}
	var err error
	if s.p.SignedApps != SecureBootNone {
		if err := s.verifySignature(im); err != nil {
			return err
		}
	} else if im.header.HashAppended != 0 && !s.dev.JTAG {
		err = s.compareHash(im)
	}
	if im.header.HashAppended != 0 && s.p.has(featDigestCopy) {
		s.view(im.offset+im.length-sha256.Size, im.stored[:])
	}
	return err
}

// compareHash is verify_simple_hash.
func (s *session) compareHash(im *image) error {
	sum := s.hashOf(im.offset, im.length-sha256.Size)
	s.logHash(msgHash, sum)
	if !s.p.has(featReadsHashEarly) {
		s.view(im.offset+im.length-sha256.Size, im.stored[:])
	}
	if im.stored == sum {
		return nil
	}
	err := s.refuseImage(im, emu.Refusal{Reason: emu.ReasonAppHash}, msgHashBad)
	s.logHash(msgHashExpected, im.stored)
	return err
}

// logHash prints a digest at level DEBUG, as hex digits. Before v3.2 the size
// of a pointer was taken for that of the digest.
func (s *session) logHash(id messageID, sum [sha256.Size]byte) {
	if !s.logs(LogDebug) {
		return
	}
	text := hex.EncodeToString(sum[:])
	if !s.p.has(featFullHash) {
		text = text[:8]
	}
	s.log(id, text)
}
