package rom

import (
	"encoding/binary"

	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/efuse"
	"github.com/bootsim/bootsim/flashmodel/espimage"
	"github.com/bootsim/bootsim/flashmodel/secureboot"
)

// secureBootV2 is the path of chips with ABS_DONE_1 and the 2019 ROM, whether or
// not ABS_DONE_0 is burnt as well: it stages the image, verifies its signature
// and loads the segments from where it staged them (spec 1.5).
func (s *stage) secureBootV2() bool {
	raw := s.header()
	h, _ := espimage.DecodeHeader(raw[:])
	s.pins(h)
	s.print("mode:%d, clock div:%d", h.SPIMode, h.ClockDivider())
	s.print("secure boot v2 enabled")
	staged := make([]byte, secureboot.ROMV2Span)
	s.flash.Read(ImageAddress, staged)
	res := secureboot.VerifyROMV2(staged, TrustedDigest(s.dev.Efuses))
	if !res.OK() {
		s.refuseV2(res)
		return false
	}
	s.print("secure boot verification succeeded")
	return s.loadStaged(staged, h)
}

// TrustedDigest is the key digest in BLOCK2 as the ROM reads it: from the
// registers, so that a block with read protection is all zeros.
func TrustedDigest(s *efuse.Set) (digest [secureboot.DigestSize]byte) {
	for i := range len(digest) / 4 {
		binary.LittleEndian.PutUint32(digest[4*i:], s.ReadWord(2, i))
	}
	return digest
}

// refuseV2 says what is wrong and waits for the watchdog.
func (s *stage) refuseV2(res secureboot.Result) {
	s.out.NextCause = s.watchdogCause()
	f := res.Err
	if len(res.Blocks) == 0 {
		line := stagingLine(f)
		s.print("%s", line)
		s.print("%s %u ", "ets_secure_boot_v2.c", 74)
		s.refuse(emu.ReasonROMSecureBoot, ImageAddress+f.Offset, f.Want, f.Got, line)
		return
	}
	lines := SignatureLines(res)
	for _, l := range lines {
		s.print("%s", l)
	}
	s.print("secure boot verification failed")
	s.refuse(emu.ReasonROMSecureBoot, ImageAddress+f.Offset, f.Want, f.Got, lines[0])
}

// stagingLine is what the ROM prints of an image that it cannot stage.
func stagingLine(f *secureboot.Failure) string {
	switch f.Reason {
	case secureboot.ReasonMagic:
		return Sprintf("Invalid magic 0x%02x", uint32(f.Got))
	case secureboot.ReasonSegments:
		return Sprintf("Too many blocks: 0x%x", uint32(f.Got))
	case secureboot.ReasonTooLarge:
		return Sprintf("Bootloader is too large for %dKB staging area.", secureboot.StagingSize>>10)
	}
	return "Invalid image block, can't verify."
}

// SignatureLines is what the ROM's ets_secure_boot_verify_signature prints of
// the signature blocks that it turns down, a line each. The second stage calls
// the same function for applications.
func SignatureLines(res secureboot.Result) []string {
	var out []string
	for _, b := range res.Blocks {
		if b.Err != nil {
			out = append(out, signatureLine(b.Err))
		}
	}
	return out
}

func signatureLine(f *secureboot.Failure) string {
	switch f.Reason {
	case secureboot.ReasonNoSignature:
		return Sprintf("No signature block magic byte found at signature sector (found 0x%x not 0x%x). Image not V2 signed?", uint32(f.Got), uint32(f.Want))
	case secureboot.ReasonCRC:
		return Sprintf("Sig block %d invalid: Stored CRC 0x%08x calculated 0x%08x", f.Block, uint32(f.Got), uint32(f.Want))
	case secureboot.ReasonImageDigest:
		return Sprintf("Sig block %d invalid: Image digest does not match", f.Block)
	case secureboot.ReasonUntrustedKey:
		return Sprintf("Sig block %d signed with untrusted key", f.Block)
	}
	return Sprintf("Sig block %d signature verification failed", f.Block)
}

// loadStaged loads the segments of an image in the staging area. The checksum is
// passed over: the signature covers every byte.
func (s *stage) loadStaged(staged []byte, h espimage.Header) bool {
	out := &Loaded{Entry: h.Entry}
	pos := uint32(espimage.HeaderSize)
	for range int(h.SegmentCount) {
		seg := espimage.Segment{
			LoadAddr: binary.LittleEndian.Uint32(staged[pos:]), Length: binary.LittleEndian.Uint32(staged[pos+4:]),
			HeaderOffset: pos, DataOffset: pos + 8,
		}
		line := Sprintf("load:0x%08x len:0x%x", seg.LoadAddr, seg.Length)
		s.print("%s", line)
		if s.wild(seg, line) {
			return false
		}
		out.Segments = append(out.Segments, seg)
		pos = seg.DataOffset + seg.Length
	}
	out.Length = pos | (unit - 1) + 1
	s.out.Loaded = out
	return true
}
