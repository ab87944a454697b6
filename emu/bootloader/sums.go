package bootloader

import (
	"crypto/sha256"

	"github.com/bootsim/bootsim/emu/recall"
)

// xorOf is the checksum over a stretch of flash as the cache shows it.
func (s *session) xorOf(addr, size uint32) byte {
	if s.sums != nil && withinWindow(addr, size) {
		return s.sums.XOR(s.dev, &s.cache, addr, size, s.pass)
	}
	return recall.XOR(&s.cache, addr, size)
}

// hashOf is the hash over a stretch of flash as the cache shows it. The
// bootloader hashes an image while it loads it; what it hashes is the image from
// its first byte on without a gap, so that it can be done when it is asked for.
func (s *session) hashOf(addr, size uint32) [sha256.Size]byte {
	if s.sums != nil && withinWindow(addr, size) {
		return s.sums.SHA256(s.dev, &s.cache, addr, size, s.pass)
	}
	return recall.SHA256(&s.cache, addr, size)
}

// beginPass lets the hash of an image be made along with its checksum, if it
// will be asked for once the checksum is right.
func (s *session) beginPass(im *image) {
	s.pass = nil
	if s.sums == nil || !im.check || im.own && s.p.SecureBoot != SecureBootV2 {
		return
	}
	if s.p.SignedApps != SecureBootNone || im.header.HashAppended != 0 && !s.dev.JTAG {
		pass := recall.NewPass(im.offset)
		s.pass = &pass
	}
}
