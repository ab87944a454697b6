package bootloader_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/bootloader"
	"github.com/bootsim/bootsim/emu/efuse"
	"github.com/bootsim/bootsim/fixtures/lot"
	"github.com/bootsim/bootsim/flashmodel"
)

// FuzzDetect reads any bytes as a second stage. What is detected is detected
// again, and boots a blank device to some end.
func FuzzDetect(f *testing.F) {
	for _, v := range []string{"v3.1", "v3.3.6", "v4.4.8", "v5.2.6", "v6.0.2"} {
		f.Add(lot.Bootloader(lot.BootloaderSpec{IDF: v, LogLevel: "debug"})[:2048], uint32(0))
		f.Add(lot.Bootloader(lot.BootloaderSpec{IDF: v, SecureBoot: "v1"}), uint32(40))
	}
	f.Add([]byte{0xE9, 1}, uint32(1))
	f.Fuzz(func(t *testing.T, image []byte, flip uint32) {
		if len(image) > 0 {
			image[flip%uint32(len(image))] ^= 1
		}
		p, err := bootloader.Detect(image)
		again, err2 := bootloader.Detect(image)
		require.Equal(t, err, err2)
		require.Equal(t, p, again)
		if err != nil {
			return
		}
		flash, err := flashmodel.New(1 << 20)
		require.NoError(t, err)
		out := bootloader.Boot(&emu.Device{Flash: flash, Efuses: efuse.New()}, &p)
		require.NotEqual(t, emu.EndApp, out.End, "there is no app")
	})
}
