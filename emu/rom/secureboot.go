package rom

import (
	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/flashmodel/secureboot"
)

// KeyUnknown is Result.NotModelled of a chip with ABS_DONE_0 whose key in BLOCK2
// cannot be read and was not given.
const KeyUnknown = "Secure Boot V1 in ROM: the key in BLOCK2 is not known"

// secureBootV1 is the check of chips with ABS_DONE_0, after the checksum: IV and
// digest at 0x0, and the second stage up to its checksum, all read through the
// cache. The old ROM fails as for a bad checksum, the later one resets the chip
// at once (spec 1.5).
func (s *stage) secureBootV1(l *loader) bool {
	if !s.dev.Efuses.AbsDone0() {
		return true
	}
	key := s.dev.Efuses.HardwareBootKey()
	if key.IsZero() && s.dev.Efuses.KeyReadProtected(2) {
		s.out.Loaded = nil
		s.unmodelled(KeyUnknown)
		return false
	}
	var head [secureboot.V1IVSize + secureboot.V1DigestSize]byte
	s.flash.Read(0, head[:])
	sector, _ := secureboot.DecodeV1Sector(head[:])
	covered := make([]byte, secureboot.V1Covered(l.out.Length-1))
	s.flash.Read(ImageAddress, covered)
	if secureboot.VerifyV1Bootloader(key, sector, covered) == nil {
		return true
	}
	s.out.Loaded = nil
	line := "secure boot check fail"
	if s.eco3() {
		line = "Secure boot check fail"
	}
	s.print("%s", line)
	s.refuse(emu.ReasonROMSecureBoot, secureboot.V1DigestOffset, 0, 0, line)
	if s.eco3() {
		s.out.End, s.out.NextCause = emu.EndReset, emu.ResetSoftware
		return false
	}
	s.fail()
	return false
}
