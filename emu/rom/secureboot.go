package rom

import (
	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/flashmodel/espimage"
)

// secureBootV1 is the check of chips with ABS_DONE_0, after the checksum. It
// is not modelled.
func (s *stage) secureBootV1(*loader) bool {
	if !s.dev.Efuses.AbsDone0() {
		return true
	}
	s.out.Loaded = nil
	s.unmodelled("Secure Boot V1 in ROM: the digest at 0x80 is not checked")
	return false
}

// Layout of a signed second stage (spec 1.5).
const (
	stagingSize    = 48 << 10
	signatureAlign = 4 << 10
	signatureMagic = 0xE7
	maxV2Segment   = 1 << 20
	digestSize     = 32
)

// secureBootV2 is the path of chips with ABS_DONE_1 and the 2019 ROM: it stages
// the image and looks for a signature. Signatures themselves are not modelled.
func (s *stage) secureBootV2() {
	raw := s.header()
	h, _ := espimage.DecodeHeader(raw[:])
	s.pins(h)
	s.print("mode:%d, clock div:%d", h.SPIMode, h.ClockDivider())
	s.print("secure boot v2 enabled")
	end, problem := s.stage(h)
	if problem != "" {
		s.print("%s", problem)
		s.print("%s %u ", "ets_secure_boot_v2.c", 74)
		s.refuse(emu.ReasonROMSecureBoot, ImageAddress, 0, 0, problem)
		s.out.NextCause = s.watchdogCause()
		return
	}
	var magic [1]byte
	s.flash.Read(end, magic[:])
	if magic[0] == signatureMagic {
		s.unmodelled("Secure Boot V2 in ROM: the signature is not verified")
		return
	}
	line := Sprintf("No signature block magic byte found at signature sector (found 0x%x not 0x%x). Image not V2 signed?", magic[0], signatureMagic)
	s.print("%s", line)
	s.print("secure boot verification failed")
	s.refuse(emu.ReasonROMSecureBoot, end, signatureMagic, uint64(magic[0]), line)
	s.out.NextCause = s.watchdogCause()
}

// stage walks over the segments as the ROM stages them and returns the flash
// address of the signature sector, or what the ROM complains of. It always
// takes an appended hash after the checksum.
func (s *stage) stage(h espimage.Header) (end uint32, problem string) {
	pos := uint32(espimage.HeaderSize)
	for range int(h.SegmentCount) {
		var raw [8]byte
		s.flash.Read(ImageAddress+pos, raw[:])
		addr, size := le32(raw[:]), le32(raw[4:])
		if (addr|size)&3 != 0 || size > maxV2Segment {
			return 0, "Invalid image block, can't verify."
		}
		pos += 8 + size
		if pos > stagingSize {
			return 0, Sprintf("Bootloader is too large for %dKB staging area.", stagingSize>>10)
		}
	}
	end = ImageAddress + (pos | (unit - 1) + 1) + digestSize
	end = (end + signatureAlign - 1) &^ (signatureAlign - 1)
	if end-ImageAddress > stagingSize {
		return 0, Sprintf("Bootloader is too large for %dKB staging area.", stagingSize>>10)
	}
	return end, ""
}

func le32(b []byte) uint32 {
	return uint32(b[0]) | uint32(b[1])<<8 | uint32(b[2])<<16 | uint32(b[3])<<24
}
