package espimage

// LargeSizeNibble is the first size nibble that bootloaders before v4.4.2 do
// not know (32 MB); they fall back to 2 MB (spec 2.2).
const LargeSizeNibble = 5

// maxSizeNibble is 128 MB, the largest size any bootloader knows.
const maxSizeNibble = 7

// fallbackSize is what a bootloader takes for a size nibble it does not know.
const fallbackSize = 2 << 20

// FlashSize returns the flash size the header names, in bytes, and whether the
// nibble is one that bootloaders since v4.4.2 know. An unknown nibble gives
// 2 MiB, which is what a bootloader then works with (spec 2.2).
func (h Header) FlashSize() (size uint32, known bool) {
	return h.FlashSizeFor(true)
}

// FlashSizeFor is FlashSize for a bootloader of a certain age: large tells
// whether it knows 32, 64 and 128 MB (v4.4.2 and later).
func (h Header) FlashSizeFor(large bool) (size uint32, known bool) {
	n := h.Size()
	if n > maxSizeNibble || n >= LargeSizeNibble && !large {
		return fallbackSize, false
	}
	return 1 << (20 + n), true
}

// SizeText returns the text a bootloader logs for the size, such as "4MB";
// large is as for FlashSizeFor. An unknown nibble reads "2MB".
func (h Header) SizeText(large bool) string {
	size, _ := h.FlashSizeFor(large)
	texts := [...]string{"1MB", "2MB", "4MB", "8MB", "16MB", "32MB", "64MB", "128MB"}
	for i, s := range texts {
		if size == 1<<(20+i) {
			return s
		}
	}
	return "2MB"
}

// SpeedText returns the text a bootloader logs for the speed nibble, such as
// "40MHz". An unknown nibble reads "20MHz" (spec 2.2).
func (h Header) SpeedText() string {
	switch h.Speed() {
	case 0x0:
		return "40MHz"
	case 0x1:
		return "26.7MHz"
	case 0xF:
		return "80MHz"
	}
	return "20MHz"
}

// ModeText returns the name the ROM prints for the SPI mode byte. The ROM
// clamps the value to 5 (spec 1.2).
func (h Header) ModeText() string {
	names := [...]string{"QIO", "QOUT", "DIO", "DOUT", "FAST_RD", "SLOW_RD"}
	return names[min(int(h.SPIMode), len(names)-1)]
}

// ClockDivider returns the divider of the 80 MHz clock that the ROM prints and
// sets for the speed nibble (spec 1.2).
func (h Header) ClockDivider() uint8 {
	switch h.Speed() {
	case 0:
		return 2
	case 1:
		return 3
	case 2:
		return 4
	}
	return 1
}
