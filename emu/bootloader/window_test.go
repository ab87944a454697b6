package bootloader

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/flashmodel"
)

// The MMU's entries name 16 MB; what lies past them is no content.
func TestTheWindowEnds(t *testing.T) {
	f, err := flashmodel.New(1 << 20)
	require.NoError(t, err)
	require.NoError(t, f.Place(0xFFFFC, []byte{1, 2, 3, 4}))
	var b [8]byte
	window{f}.Read(mappable-4, b[:])
	require.Equal(t, [8]byte{1, 2, 3, 4, 0xAD, 0xBA, 0xAD, 0xBA}, b)
	window{f}.Read(0xFFFFFFFE, b[:])
	require.Equal(t, [8]byte{0xAD, 0xBA, 0xAD, 0xBA, 0xAD, 0xBA, 0xAD, 0xBA}, b, "addresses do not wrap")
	require.True(t, withinWindow(mappable-4, 4))
	require.False(t, withinWindow(mappable-4, 5))
}
