package provision

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/efuse"
	"github.com/bootsim/bootsim/flashmodel"
	"github.com/bootsim/bootsim/flashmodel/crypt"
)

// Two states that differ by the key which stands in for a missing file are two,
// and a key that decides nothing makes no other state.
func TestDigestKnowsTheKeyThatStandsIn(t *testing.T) {
	flash, err := flashmodel.New(1 << 20)
	require.NoError(t, err)
	parse := func(b byte) crypt.Key {
		raw := make([]byte, 32)
		raw[0] = b
		k, err := crypt.ParseKey(raw)
		require.NoError(t, err)
		return k
	}
	a, b := keyUse{file: "a", full: "a", key: parse(1)}, keyUse{file: "b", full: "b", key: parse(2)}
	burnt := b
	burnt.burnt = true
	of := func(keys ...keyUse) digest {
		s := state{device: &emu.Device{Flash: flash, Efuses: efuse.New()}, keys: keys}
		return s.digest()
	}
	require.NotEqual(t, of(), of(a))
	require.NotEqual(t, of(a), of(b))
	require.Equal(t, of(a), of(a, a, burnt))
	require.Equal(t, of(), of(a, b), "of two keys none stands in")
}
