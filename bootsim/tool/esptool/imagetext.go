package esptool

import (
	"bytes"
	"encoding/hex"
	"strings"
)

func (s *session) printHeader(im *image) {
	h := im.header
	s.env.Print()
	s.title(im.chip.title + " Image Header")
	s.env.Printf("Image version: %d\n", im.version)
	if h.Entry != 0 {
		s.env.Printf("Entry point: %#8x\n", h.Entry)
	} else {
		s.env.Print("Entry point not set")
	}
	s.env.Printf("Segments: %d\n", len(im.segments))
	s.printFlashField("Flash size", "Invalid flash size (0x%x)", im.chip.sizes, h.SpeedSize&0xF0)
	s.printFlashField("Flash freq", "Invalid flash frequency (0x%x)", im.chip.freqs, h.SpeedSize&0x0F)
	if mode, ok := nameOf(modes(), h.SPIMode); ok {
		s.env.Print("Flash mode: " + strings.ToUpper(mode))
	} else {
		s.env.Warn("Invalid flash mode (%d)", h.SPIMode)
	}
}

func (s *session) printFlashField(name, invalid string, values []bits, value uint8) {
	if text, ok := nameOf(values, value); ok {
		s.env.Print(name + ": " + text)
		return
	}
	s.env.Warn(invalid, value)
}

func (s *session) printExtended(im *image) {
	h := im.header
	s.env.Print()
	s.title(im.chip.title + " Extended Image Header")
	disabled := ""
	if h.WPPin == 0xEE {
		disabled = " (disabled)"
	}
	s.env.Printf("WP pin: 0x%x%s\n", h.WPPin, disabled)
	s.env.Printf("Flash pins drive settings: clk_drv: 0x%x, q_drv: 0x%x, d_drv: 0x%x, cs0_drv: 0x%x, hd_drv: 0x%x, wp_drv: 0x%x\n",
		h.PinDrv[0]&0xF, h.PinDrv[0]>>4, h.PinDrv[1]&0xF, h.PinDrv[1]>>4, h.PinDrv[2]&0xF, h.PinDrv[2]>>4)
	name := "Unknown ID"
	if c := chipWithID(int(h.ChipID)); c != nil {
		name = c.title
	}
	s.env.Printf("Chip ID: %d (%s)\n", h.ChipID, name)
	s.env.Printf("Minimal chip revision: v%s, (legacy min_rev = %d)\n", revision(h.MinRevFull), h.MinRev)
	s.env.Printf("Maximal chip revision: v%s\n", revision(h.MaxRevFull))
}

func (s *session) printSegments(im *image) {
	s.title("Segments Information")
	s.env.Print("Segment   Length   Load addr   File offs  Memory types")
	s.env.Print("-------  -------  ----------  ----------  ------------")
	for i, seg := range im.segments {
		s.env.Printf("%7d  0x%05x  0x%08x  0x%08x  %s\n",
			i, len(seg.data), seg.addr, seg.offset, strings.Join(im.chip.memories(seg.addr), ", "))
	}
}

func (s *session) printFooter(im *image) {
	s.title(im.chip.title + " Image Footer")
	if sum := im.sum(); sum != im.checksum {
		s.env.Printf("Checksum: 0x%02x (invalid - calculated 0x%02x)\n", im.checksum, sum)
	} else {
		s.env.Printf("Checksum: 0x%02x (valid)\n", im.checksum)
	}
	if im.digest {
		verdict := "invalid"
		if bytes.Equal(im.stored, im.actual) {
			verdict = "valid"
		}
		s.env.Printf("Validation hash: %s (%s)\n", hex.EncodeToString(im.actual), verdict)
	}
}
