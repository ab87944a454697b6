package bootloader

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/efuse"
	"github.com/bootsim/bootsim/flashmodel"
)

// The MMU's entries name 16 MB; what lies past them is no content.
func TestTheWindowEnds(t *testing.T) {
	f, err := flashmodel.New(1 << 20)
	require.NoError(t, err)
	require.NoError(t, f.Place(0xFFFFC, []byte{1, 2, 3, 4}))
	var b [8]byte
	w := window{(&emu.Device{Flash: f, Efuses: efuse.New()}).CachedBy(nil)}
	w.Read(mappable-4, b[:])
	require.Equal(t, [8]byte{1, 2, 3, 4, 0xAD, 0xBA, 0xAD, 0xBA}, b)
	w.Read(0xFFFFFFFE, b[:])
	require.Equal(t, [8]byte{0xAD, 0xBA, 0xAD, 0xBA, 0xAD, 0xBA, 0xAD, 0xBA}, b, "addresses do not wrap")
	require.True(t, withinWindow(mappable-4, 4))
	require.False(t, withinWindow(mappable-4, 5))
}
