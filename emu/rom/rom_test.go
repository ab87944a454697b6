package rom_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/efuse"
	"github.com/bootsim/bootsim/emu/rom"
	"github.com/bootsim/bootsim/fixtures/signing"
	"github.com/bootsim/bootsim/flashmodel"
	"github.com/bootsim/bootsim/flashmodel/espimage"
)

// UART_DOWNLOAD_DIS closes download mode, and only the ROM of revision 3 knows
// it (spec 1.1).
func TestDownloadModeCanBeDisabled(t *testing.T) {
	for _, c := range []struct {
		rom      emu.ROM
		disabled int
		want     string
	}{
		{emu.ROM2016, 0, "waiting for download"}, {emu.ROM2016, 1, "waiting for download"},
		{emu.ROM2019, 0, "waiting for download"}, {emu.ROM2019, 1, "Download mode is disabled. Restart with GPIO0 high."},
	} {
		flash, err := flashmodel.New(flashmodel.MinSize)
		require.NoError(t, err)
		fuses, err := efuse.FromFields(map[string]any{"UART_DOWNLOAD_DIS": c.disabled})
		require.NoError(t, err)
		const gpio0Low = 0x03
		r := rom.Run(&emu.Device{Flash: flash, Efuses: fuses, ROM: c.rom, Strap: gpio0Low})
		require.Equal(t, emu.EndROM, r.End)
		require.Equal(t, c.want, r.Log[len(r.Log)-1].Text, "%+v", c)
	}
}

// Pads count when at least two of them are set; numbers from 30 on stand for
// GPIO 32 and 33 (spec exec 3).
func TestFlashPins(t *testing.T) {
	const clk, q, hd = 6, 17, 30
	require.Zero(t, rom.FlashPins(0, 0))
	require.Zero(t, rom.FlashPins(0, clk))
	require.Zero(t, rom.FlashPins(hd<<4, 0))
	require.Equal(t, uint32(clk|q<<6), rom.FlashPins(0, clk|q<<5))
	require.Equal(t, uint32(clk|(hd+2)<<24), rom.FlashPins(hd<<4, clk))
}

// A good signature does not keep the ROM from destroying itself: it loads a
// segment wherever its header says.
func TestSignedBootloaderMayLoadWildly(t *testing.T) {
	key := signing.RSA("a")
	for addr, wild := range map[uint32]bool{0x40078000: false, 0x60000000: true, 0x3FFAE000: true} {
		image := espimage.Build(espimage.Spec{Header: espimage.DefaultHeader(0x40080400), Segments: []espimage.Data{
			{LoadAddr: 0x40080400, Bytes: make([]byte, 16)}, {LoadAddr: addr, Bytes: make([]byte, 16)}}})
		flash, err := flashmodel.New(flashmodel.MinSize)
		require.NoError(t, err)
		require.NoError(t, flash.Place(rom.ImageAddress, signing.V2(key, image)))
		fuses, err := efuse.FromFields(map[string]any{"ABS_DONE_1": 1})
		require.NoError(t, err)
		digest := signing.DigestV2(key)
		require.NoError(t, fuses.PlaceData(2, digest[:]))
		r := rom.Run(&emu.Device{Flash: flash, Efuses: fuses, ROM: emu.ROM2019})
		if !wild {
			require.NotNil(t, r.Loaded)
			continue
		}
		require.Nil(t, r.Loaded, "0x%08x", addr)
		require.Equal(t, emu.EndROM, r.End)
		require.Equal(t, emu.ReasonROMWildLoad, r.Refusals[0].Reason)
		require.Equal(t, uint64(addr), r.Refusals[0].Got)
	}
}
