package rom_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/efuse"
	"github.com/bootsim/bootsim/emu/rom"
	"github.com/bootsim/bootsim/flashmodel"
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
