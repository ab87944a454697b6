package bootloader

import "github.com/bootsim/bootsim/flashmodel/espimage"

// flashInfo prints what the bootloader's header says about the flash chip, and
// takes the chip's size from it (spec 2.2, step 9).
func (s *session) flashInfo() {
	h, _ := espimage.DecodeHeader(s.header[:])
	s.log(msgHeaderMagic, h.Magic)
	s.log(msgHeaderSegments, h.SegmentCount)
	s.log(msgHeaderMode, h.SPIMode)
	s.log(msgHeaderSpeed, h.Speed())
	s.log(msgHeaderSize, h.Size())
	s.log(msgSPISpeed, h.SpeedText())
	s.log(msgSPIMode, s.modeText(h))
	large := s.p.has(featLargeSizeTexts)
	s.log(msgFlashSize, h.SizeText(large))
	s.size, _ = h.FlashSizeFor(large)
}

// modeText is read from the SPI controller: what the ROM set from the header,
// or quad mode if the bootloader entered it.
func (s *session) modeText(h espimage.Header) string {
	switch {
	case s.p.Quad == QuadOn && h.SPIMode == 3:
		return "QOUT"
	case s.p.Quad == QuadOn:
		return "QIO"
	}
	modes := [...]string{"QIO", "QOUT", "DIO", "DOUT", "FAST READ", "SLOW READ"}
	return modes[min(int(h.SPIMode), len(modes)-1)]
}

// quadMode is bootloader_enable_qio_mode of QIO and QOUT builds, with a chip
// that is none of those with a protocol of their own.
func (s *session) quadMode() {
	if s.p.Quad == QuadNone {
		return
	}
	s.log(msgQIOProbe)
	s.log(msgQIODefault)
	if s.p.Quad == QuadRefused {
		s.log(msgQIOFailed)
	}
}
