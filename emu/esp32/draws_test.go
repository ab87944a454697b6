package esp32

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/efuse"
	"github.com/bootsim/bootsim/flashmodel/otadata"
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

// The label of an otadata entry is noted as it was before encryption; other
// writes have none.
func TestLabelsOfEntriesAreNoted(t *testing.T) {
	e := otadata.New(1, otadata.StateValid)
	copy(e.Label[:], "what the stack held..")
	b := e.Encode()
	for _, write := range []string{"esp_rom_spiflash_write", "esp_rom_spiflash_write_encrypted"} {
		m := board(t, program(""), Options{})
		m.putBytes(dataAt, make([]byte, otadata.EntrySize))
		m.try(t, write, 0xD000, dataAt, otadata.EntrySize)
		require.Nil(t, m.Draws().Label, "no entry")
		m.putBytes(dataAt, b[:])
		m.try(t, write, 0xD000, dataAt, otadata.EntrySize)
		require.Equal(t, e.Label[:], m.Draws().Label, write)
	}
}
