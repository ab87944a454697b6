package diagnose

import (
	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/emu"
)

// writeBitRDDis is the bit of WR_DIS that locks the read protection (spec 4.1).
const writeBitRDDis = 0

// latentEfuses warns of eFuse states.
func latentEfuses(c *Context) []bootsim.Finding {
	s := c.Device.Efuses
	var out []bootsim.Finding
	add := func(bad bool, rule, format string, args ...any) {
		if bad {
			out = append(out, c.find(rule, format, args...).done())
		}
	}
	hidden := s.KeyReadProtected(1)
	on := s.FlashEncryption()
	blank := s.HardwareFlashKey().IsZero()
	add(on && !hidden && !blank && c.Lot.Efuses != nil, "key-readable", "BLOCK1 holds the flash encryption key and RD_DIS does not protect it")
	add(s.WriteProtected(writeBitRDDis) && !hidden && !blank, "key-cannot-be-hidden", "WR_DIS bit 0 is set and BLOCK1 is not read-protected: the key can never be hidden")
	add(on && s.CryptConfig() != 0xF, "crypt-config-incomplete", "FLASH_CRYPT_CONFIG is 0x%X", uint8(s.CryptConfig()))
	add(s.FlashCryptCnt8()&0x80 != 0 && s.FlashCryptCnt() != 0, "cnt-bit-27", "bit 27 of BLOCK0 is set beside FLASH_CRYPT_CNT=0x%02x", s.FlashCryptCnt())
	add(s.AbsDone1() && c.Device.ROM == emu.ROM2016, "abs-done-1-ignored", "ABS_DONE_1 is burnt on a chip with the 2016 ROM")
	add(s.CPULimit160(), "cpu-rated-160", "the eFuses rate this chip for 160 MHz")
	add(!s.RevisionConsistent(c.Device.APBRevision), "revision-bits-inconsistent", "the revision bits are an impossible combination and count as v0")
	add(on && s.CheckCoding(1) != nil, "coding-scheme-broken", "BLOCK1 does not satisfy coding scheme %s", s.CodingScheme())
	if s.AppCPUDisable() {
		out = append(out, c.find("cache-or-cpu-disabled", "DISABLE_APP_CPU is burnt: only builds for one core run").severity(bootsim.Warning).done())
	}
	return out
}
