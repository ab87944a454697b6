package sweep

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/flashmodel"
)

// TestStuckBitsHoldWherePagesWrap: a page program that reaches the end of its page
// goes on at the page's start.
func TestStuckBitsHoldWherePagesWrap(t *testing.T) {
	flash, err := flashmodel.New(flashmodel.MinSize)
	require.NoError(t, err)
	flash.Attach(&flashmodel.Journal{Interceptor: fixed{[]stuckBit{{addr: 0x1005, bit: 3, value: 1}, {addr: 0x10F8, bit: 0, value: 1}, {addr: 0x1105, bit: 0, value: 1}}}})
	require.NoError(t, flash.PageProgram(0x10F0, make([]byte, 0x20)))
	b := make([]byte, 0x106)
	flash.Read(0x1000, b)
	require.Equal(t, []byte{0, 1 << 3, 0}, b[4:7])
	require.Equal(t, []byte{0, 1, 0}, b[0xF7:0xFA])
	require.EqualValues(t, 0xFF, b[0x105], "of the next page nothing is programmed")
}
