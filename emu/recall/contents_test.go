package recall

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/efuse"
	"github.com/bootsim/bootsim/flashmodel"
)

// Stretches that begin and end anywhere have one name only if they show the same.
// What is not out of a stock has none.
func TestNamesOfContents(t *testing.T) {
	const unit = flashmodel.SectorSize
	file := bytes.Repeat([]byte{0x11, 0x22, 0x33, 0x44}, unit/4)
	flash, err := flashmodel.New(flashmodel.MinSize)
	require.NoError(t, err)
	flash.Supply(flashmodel.NewStock([][]byte{file}))
	d := &emu.Device{Flash: flash, Efuses: efuse.New()}
	for at := uint32(0); at < 5; at += 2 {
		require.NoError(t, flash.Place(at*unit, bytes.Repeat([]byte{0xA5}, unit)))
	}
	require.NoError(t, flash.Place(4*unit+40, []byte{0xA6}))
	require.NoError(t, flash.Place(1*unit, file))
	require.NoError(t, flash.Place(3*unit, file))
	var c Contents
	seen := map[contentName][]byte{}
	same := 0
	for _, base := range []uint32{1, 3} {
		for _, before := range []uint32{0, 1, 32, 64, unit - 1} {
			for _, behind := range []uint32{0, 1, 32, 64, unit - 1} {
				at := stretch{base*unit - before, before + unit + behind}
				name, told := c.name(d, d.Cached(), at)
				require.True(t, told)
				b := make([]byte, at.size)
				d.Cached().Read(at.addr, b)
				if have, ok := seen[name]; ok {
					same++
					require.True(t, bytes.Equal(have, b), "0x%x, %d bytes", at.addr, at.size)
				}
				seen[name] = b
			}
		}
	}
	require.Equal(t, 15, same, "what lies behind differs from byte 40 on")
	for _, at := range []stretch{{0, 3 * unit}, {unit + 1, unit}, {unit, flashmodel.MinSize}} {
		_, told := c.name(d, d.Cached(), at)
		require.False(t, told, "%+v", at)
	}
}
