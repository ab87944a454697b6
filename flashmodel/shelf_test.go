package flashmodel

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"
)

// Forks that share a sector from the shelf never alter each other's, and a
// replay on cells that are not erased clears bits and no more.
func TestShelfIsNobodys(t *testing.T) {
	f, err := New(MinSize)
	require.NoError(t, err)
	a, b := f.Fork(), f.Fork()
	data := bytes.Repeat([]byte{0xA5}, SectorSize)
	j := &Journal{}
	a.Attach(j)
	require.NoError(t, a.Program(0x1000, data))
	require.NoError(t, b.Program(0x1000, data))
	require.Same(t, a.cells(0x1000), b.cells(0x1000))
	require.NoError(t, b.Program(0x1000, []byte{0}))
	require.NoError(t, a.Program(0x1001, []byte{0}))
	var got [2]byte
	a.Read(0x1000, got[:])
	require.Equal(t, [2]byte{0xA5, 0}, got)
	b.Read(0x1000, got[:])
	require.Equal(t, [2]byte{0, 0xA5}, got)

	c := f.Fork()
	require.NoError(t, c.Program(0x1000, []byte{0x0F}))
	require.NoError(t, Replay(c, j.Ops()[:SectorSize/PageSize]))
	c.Read(0x1000, got[:])
	require.Equal(t, [2]byte{0x05, 0xA5}, got)
}
