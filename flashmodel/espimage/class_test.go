package espimage_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/flashmodel/espimage"
)

// The first and last address of every class in spec 3.3, and the addresses
// around them.
func TestClassBounds(t *testing.T) {
	for _, c := range []struct {
		addr uint32
		want espimage.Class
	}{
		{0, espimage.ClassPadding}, {0x0FFFFFFF, espimage.ClassPadding}, {0x10000000, espimage.ClassNone},
		{0x3F3FFFFF, espimage.ClassNone}, {0x3F400000, espimage.ClassDROM}, {0x3F7FFFFF, espimage.ClassDROM},
		{0x3F800000, espimage.ClassNone}, {0x3FF80000, espimage.ClassRTCFastD}, {0x3FF81FFF, espimage.ClassRTCFastD},
		{0x3FF82000, espimage.ClassNone}, {0x3FFADFFF, espimage.ClassNone}, {0x3FFAE000, espimage.ClassDRAM},
		{0x3FFFFFFF, espimage.ClassDRAM}, {0x40000000, espimage.ClassNone}, {0x40078000, espimage.ClassLoaderIRAM},
		{0x4007FFFF, espimage.ClassLoaderIRAM}, {0x40080000, espimage.ClassIRAM}, {0x4009FFFF, espimage.ClassIRAM},
		{0x400A0000, espimage.ClassDIRAM}, {0x400BFFFF, espimage.ClassDIRAM}, {0x400C0000, espimage.ClassRTCFastI},
		{0x400C1FFF, espimage.ClassRTCFastI}, {0x400C2000, espimage.ClassNone}, {0x400CFFFF, espimage.ClassNone},
		{0x400D0000, espimage.ClassIROM}, {0x403FFFFF, espimage.ClassIROM}, {0x40400000, espimage.ClassNone},
		{0x50000000, espimage.ClassRTCSlow}, {0x50001FFF, espimage.ClassRTCSlow}, {0x50002000, espimage.ClassNone},
		{0xFFFFFFFF, espimage.ClassNone}, {0x40060000, espimage.ClassNone},
	} {
		require.Equal(t, c.want, espimage.ClassOf(c.addr), "0x%08x", c.addr)
	}
}

// A segment is mapped, loaded, or neither, never both.
func TestClassActions(t *testing.T) {
	mapped, loaded := 0, 0
	for c := espimage.ClassNone; c <= espimage.ClassLoaderIRAM; c++ {
		require.False(t, c.Mapped() && c.Loaded(), c)
		if c.Mapped() {
			mapped++
		}
		if c.Loaded() {
			loaded++
		}
	}
	require.Equal(t, 2, mapped)
	require.Equal(t, 6, loaded)
}

// Texts and sizes by nibble, spec 1.2 and 2.2.
func TestFlashTexts(t *testing.T) {
	sizes := []string{"1MB", "2MB", "4MB", "8MB", "16MB", "32MB", "64MB", "128MB", "2MB", "2MB", "2MB", "2MB", "2MB", "2MB", "2MB", "2MB"}
	speeds := map[uint8]string{0: "40MHz", 1: "26.7MHz", 2: "20MHz", 3: "20MHz", 0xE: "20MHz", 0xF: "80MHz"}
	dividers := map[uint8]uint8{0: 2, 1: 3, 2: 4, 3: 1, 0xE: 1, 0xF: 1}
	for n, text := range sizes {
		h := espimage.Header{SpeedSize: uint8(n) << 4}
		require.Equal(t, text, h.SizeText(true))
		size, known := h.FlashSize()
		require.Equal(t, n <= 7, known)
		if n >= 5 {
			text, known = "2MB", false
			size = 2 << 20
		}
		old, oldKnown := h.FlashSizeFor(false)
		require.Equal(t, text, h.SizeText(false), "before v4.4.2")
		require.Equal(t, size, old)
		require.Equal(t, known, oldKnown)
	}
	for n, text := range speeds {
		h := espimage.Header{SpeedSize: 0x20 | n}
		require.Equal(t, text, h.SpeedText())
		require.Equal(t, dividers[n], h.ClockDivider())
	}
	modes := []string{"QIO", "QOUT", "DIO", "DOUT", "FAST_RD", "SLOW_RD", "SLOW_RD"}
	for m, text := range modes {
		require.Equal(t, text, espimage.Header{SPIMode: uint8(m)}.ModeText())
	}
}
