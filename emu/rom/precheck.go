package rom

import (
	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/flashmodel/espimage"
)

// Limits of the pre-check of v3.0 (spec 1.3).
const (
	maxSegments = 32
	maxMode     = 5
)

// precheck is the loop of the 2019 ROM that waits for a plausible header. It
// has no exit: a watchdog resets the chip. Silicon repeats its line several
// times before that.
func (s *stage) precheck() bool {
	raw := s.header()
	h, _ := espimage.DecodeHeader(raw[:])
	word := uint32(raw[0]) | uint32(raw[1])<<8 | uint32(raw[2])<<16 | uint32(raw[3])<<24
	switch {
	case h.Magic != espimage.Magic:
		s.invalidHeader(emu.ReasonROMMagic, word, espimage.Magic, uint64(h.Magic))
	case h.SegmentCount > maxSegments:
		s.invalidHeader(emu.ReasonROMHeader, word, maxSegments, uint64(h.SegmentCount))
	case h.SPIMode > maxMode:
		s.invalidHeader(emu.ReasonROMHeader, word, maxMode, uint64(h.SPIMode))
	case h.ChipID != espimage.ChipESP32:
		line := Sprintf("wrong chip id 0x%04x", h.ChipID)
		s.print("%s", line)
		s.refuse(emu.ReasonROMChipID, ImageAddress, espimage.ChipESP32, uint64(h.ChipID), line)
		s.out.NextCause = s.watchdogCause()
	default:
		return true
	}
	return false
}

func (s *stage) invalidHeader(reason emu.Reason, word uint32, want, got uint64) {
	line := Sprintf("invalid header: 0x%08x", word)
	s.print("%s", line)
	s.refuse(reason, ImageAddress, want, got, line)
	s.out.NextCause = s.watchdogCause()
}

// watchdogCause is the reset that ends an endless loop in ROM (spec 1.3).
func (s *stage) watchdogCause() emu.ResetReason {
	if s.cause() == emu.ResetSoftware {
		return emu.ResetTG0WDT
	}
	return emu.ResetRTCWDT
}

func (s *stage) header() [espimage.HeaderSize]byte {
	var raw [espimage.HeaderSize]byte
	s.flash.Read(ImageAddress, raw[:])
	return raw
}
