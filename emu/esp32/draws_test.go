package esp32

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/efuse"
)

// Chips draw numbers of their own, and the same ones again.
func TestChipsDrawNumbersOfTheirOwn(t *testing.T) {
	one := &emu.Device{Efuses: efuse.New()}
	other := &emu.Device{Efuses: efuse.New(), Entropy: "another"}
	third := &emu.Device{Efuses: efuse.New()}
	require.NoError(t, third.Efuses.Burn(0, []uint32{1: 7}))
	require.Equal(t, seed(one), seed(&emu.Device{Efuses: one.Efuses.Clone()}))
	require.NotEqual(t, seed(one), seed(other))
	require.NotEqual(t, seed(one), seed(third), "another MAC address")
}
