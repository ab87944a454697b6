package engine_test

import (
	"encoding/binary"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/engine"
	"github.com/bootsim/bootsim/emu/esp32"
	"github.com/bootsim/bootsim/emu/rom"
)

// FuzzExecute executes damaged bootloaders: whatever they do, the run ends, and
// ends the same way again.
func FuzzExecute(f *testing.F) {
	base := device(f, nil)
	for at := uint32(0x1000); at < 0x1E00; at += 0xA3 {
		f.Add(at, []byte{byte(at), 0xFF, 0x40})
	}
	f.Add(uint32(0x1020), []byte{0xE0, 0x08, 0x00, 0x00, 0x00, 0x1D, 0xF0})
	e := &engine.Engine{Options: esp32.Options{Budget: 1 << 19, AppSteps: 1000}}
	f.Fuzz(func(t *testing.T, at uint32, data []byte) {
		d := base.Fork()
		at = 0x1018 + at%0x1000
		require.NoError(t, d.Flash.Place(at, data[:min(len(data), 256)]))
		mend(t, d)
		twin := d.Fork()
		out := e.Boot(d)
		require.Equal(t, out, e.Boot(twin))
		require.Equal(t, d.Flash.Sum(), twin.Flash.Sum())
		require.Equal(t, out.End == emu.EndApp, out.App != nil)
		require.Equal(t, out.End == emu.EndUnknown, out.NotModelled != "")
	})
}

// mend sets the checksum so that the ROM starts what was damaged.
func mend(t *testing.T, d *emu.Device) {
	for range 2 {
		r := rom.Run(d)
		if r.Loaded != nil || len(r.Refusals) == 0 || r.Refusals[0].Reason != emu.ReasonROMChecksum {
			return
		}
		var b [4]byte
		binary.LittleEndian.PutUint32(b[:], uint32(r.Refusals[0].Got))
		require.NoError(t, d.Flash.Place(r.Refusals[0].Offset, b[:1]))
	}
}
