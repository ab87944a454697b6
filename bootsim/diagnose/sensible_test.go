package diagnose

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/efuse"
	"github.com/bootsim/bootsim/fixtures/lot"
	"github.com/bootsim/bootsim/flashmodel"
	"github.com/bootsim/bootsim/flashmodel/crypt"
	"github.com/bootsim/bootsim/flashmodel/espimage"
	"github.com/bootsim/bootsim/flashmodel/parttable"
)

// TestImageHeadsAreToldFromNoise: of many keys and addresses that are tried one
// in 256 gives the magic byte, so that the rest of a head counts. Entry points of
// any Espressif chip are possible, so that an image of another one is named.
func TestImageHeadsAreToldFromNoise(t *testing.T) {
	head := func(change func(*espimage.Header), length uint32) []byte {
		h := espimage.DefaultHeader(0x40080400)
		h.SegmentCount = 4
		change(&h)
		raw := h.Encode()
		return append(raw[:], 0, 0, 0, 0, byte(length), byte(length>>8), byte(length>>16), byte(length>>24))
	}
	for _, c := range []struct {
		name   string
		change func(*espimage.Header)
		length uint32
		want   bool
	}{
		{"ESP32", func(*espimage.Header) {}, 64, true},
		{"ESP32-C3", func(h *espimage.Header) { h.Entry = 0x403CE000 }, 64, true},
		{"ESP32-C2 from flash", func(h *espimage.Header) { h.Entry = 0x42000000 }, 64, true},
		{"ESP32-P4", func(h *espimage.Header) { h.Entry = 0x4FF00000 }, 64, true},
		{"data as entry", func(h *espimage.Header) { h.Entry = 0x3FFB0000 }, 64, false},
		{"noise as entry", func(h *espimage.Header) { h.Entry = 0x9A5F13C7 }, 64, false},
		{"no magic", func(h *espimage.Header) { h.Magic = 0xE8 }, 64, false},
		{"segments that the ROM takes", func(h *espimage.Header) { h.SegmentCount = 32 }, 64, true},
		{"too many segments", func(h *espimage.Header) { h.SegmentCount = 33 }, 64, false},
		{"no SPI mode", func(h *espimage.Header) { h.SPIMode = 6 }, 64, false},
		{"no hash flag", func(h *espimage.Header) { h.HashAppended = 2 }, 64, false},
		{"a segment larger than flash", func(*espimage.Header) {}, 16 << 20, false},
		{"no segment at all", func(h *espimage.Header) { h.SegmentCount = 0 }, 16 << 20, true},
	} {
		require.Equal(t, c.want, kindApp.sensible(head(c.change, c.length)), c.name)
	}
}

// TestTableRowsAreToldFromNoise by what any table has: addresses of flash.
func TestTableRowsAreToldFromNoise(t *testing.T) {
	for _, c := range []struct {
		offset, size uint32
		want         bool
	}{
		{0x9000, 0x4000, true}, {0x9010, 0x10, true}, {0x9001, 0x4000, false},
		{64 << 20, 0x1000, false}, {0x9000, 64 << 20, true}, {0x9000, 64<<20 + 1, false},
	} {
		row := parttable.Entry{Type: parttable.TypeData, Offset: c.offset, Size: c.size}.Encode()
		require.Equal(t, c.want, kindTable.sensible(row[:]), "%+v", c)
	}
}

// TestTwiceEncryptedWithoutConfig: FLASH_CRYPT_CONFIG was never burnt, and the
// host's tool, which knows no other than 0xF, was run twice.
func TestTwiceEncryptedWithoutConfig(t *testing.T) {
	k := crypt.KeyFromBlock([32]byte{1, 2, 3})
	flash, err := flashmodel.New(flashmodel.MinSize)
	require.NoError(t, err)
	image := lot.Bootloader(lot.BootloaderSpec{IDF: "v4.4.8"})
	once := lot.Encrypt(k, crypt.FullConfig, bootloaderAddress, image)
	require.NoError(t, flash.Place(bootloaderAddress, lot.Encrypt(k, crypt.FullConfig, bootloaderAddress, once)))
	d := &emu.Device{Flash: flash, Efuses: lot.Chip(lot.ChipSpec{Revision: efuse.Revision{Major: 1}, Key: &k, CryptCnt: 1})}
	require.Zero(t, d.Efuses.CryptConfig())
	c := &Context{Lot: &bootsim.Lot{Name: "lot"}, Device: d, TableOffset: 0x8000}
	rd, ok := c.read(bootloaderRegion(c))
	require.True(t, ok)
	require.Len(t, rd.layers, 2)
	for _, l := range rd.layers {
		require.Equal(t, crypt.FullConfig, l.config)
		require.EqualValues(t, bootloaderAddress, l.addr)
	}
}
