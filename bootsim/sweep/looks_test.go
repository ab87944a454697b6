package sweep

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/efuse"
	"github.com/bootsim/bootsim/flashmodel"
)

// TestLooksThatAreReusedDependOnWhatWasSeen: a run that takes a look over depends
// on the flash as if it had looked itself, and another look at the same place by
// somebody else is another.
func TestLooksThatAreReusedDependOnWhatWasSeen(t *testing.T) {
	flash, err := flashmodel.New(flashmodel.MinSize)
	require.NoError(t, err)
	d := &emu.Device{Flash: flash, Efuses: efuse.New()}
	var m looks[bool]
	looked := 0
	at := func(d *emu.Device, by string) flashmodel.Sectors {
		var trace flashmodel.Trace
		d.Flash.Watch(&trace)
		m.at(d, 0x20000, 0x1000, by, &trace, func() bool {
			looked++
			var b [16]byte
			d.Flash.Read(0x20000, b[:])
			return b[0] == 0xFF
		})
		d.Flash.Watch(nil)
		return trace.Read
	}
	var want flashmodel.Sectors
	want.Add(0x20000, 1)
	require.Equal(t, want, at(d, "v5.5"))
	again := d.Fork()
	again.Cause = emu.ResetSoftware
	require.NoError(t, again.Flash.Program(0x30000, []byte{0}))
	require.Equal(t, want, at(again, "v5.5"))
	require.Equal(t, 1, looked, "neither the cause nor another sector was looked at")
	require.Equal(t, want, at(again, "v3.3"))
	require.Equal(t, 2, looked)
	require.NoError(t, again.Flash.Program(0x20000, []byte{0}))
	require.Equal(t, want, at(again, "v5.5"))
	require.Equal(t, 3, looked)
}
