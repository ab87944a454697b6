package esptool

import "github.com/bootsim/bootsim/flashmodel/espimage"

// warnUnusual warns of addresses that no segment of an ESP8266 has.
func (l *loader) warnUnusual(addr, size uint32, irom bool) {
	if l.im.chip.id == noID && !irom && (addr > 0x40200000 || addr < 0x3FFE0000 || size > 65536) {
		l.warn("Suspicious segment %#x, length %d", addr, size)
	}
}

// loadFirst reads the kind of image that an ESP8266's ROM starts.
func (l *loader) loadFirst() error {
	count, err := l.commonHeader(espimage.Magic)
	if err != nil {
		return err
	}
	return l.body(count)
}

// loadSecond reads the kind that a second bootloader of the ESP8266 starts: a
// header with one segment for flash, then an image of the first kind.
func (l *loader) loadSecond() error {
	l.im.version = 2
	count, err := l.commonHeader(magic8266)
	if err != nil {
		return err
	}
	if count != 4 {
		l.warn("V2 header has unexpected \"segment\" count %d (usually 4)", count)
	}
	if err := l.segment(true); err != nil {
		return err
	}
	l.im.segments[0].addr, l.im.segments[0].unsummed = 0, true
	first := l.im.header
	if count, err = l.commonHeader(espimage.Magic); err != nil {
		return err
	}
	l.compareHeaders(first, l.im.header)
	return l.body(count)
}

func (l *loader) compareHeaders(first, second espimage.Header) {
	const use = "Using second value."
	if first.SPIMode != second.SPIMode {
		l.warn("Flash mode value in first header (0x%02x) disagrees with second (0x%02x). %s", first.SPIMode, second.SPIMode, use)
	}
	if first.SpeedSize != second.SpeedSize {
		l.warn("Flash size/freq value in first header (0x%02x) disagrees with second (0x%02x). %s", first.SpeedSize, second.SpeedSize, use)
	}
	if first.Entry != second.Entry {
		l.warn("Entrypoint address in first header (0x%08x) disagrees with second header (0x%08x). %s", first.Entry, second.Entry, use)
	}
}
