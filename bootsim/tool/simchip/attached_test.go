package simchip_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/bootsim/tool/simchip"
	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/efuse"
	"github.com/bootsim/bootsim/flashmodel"
)

// What happens to an attached chip happens to its device, and there is no file
// to save.
func TestAttached(t *testing.T) {
	flash, err := flashmodel.New(2 << 20)
	require.NoError(t, err)
	d := &emu.Device{Flash: flash, Efuses: efuse.New(), APBRevision: true}
	c := simchip.Attached(d)
	require.NoError(t, c.Flash.Program(0x1000, []byte{1, 2, 3, 4}))
	require.NoError(t, c.Save())
	require.NoError(t, c.Create())
	var b [4]byte
	flash.Read(0x1000, b[:])
	require.Equal(t, [4]byte{1, 2, 3, 4}, b)
	require.Equal(t, "2MB", c.SizeText())
	_, err = c.Cipher()
	require.NoError(t, err)
	require.Same(t, d.Efuses, c.Fuses)
}
