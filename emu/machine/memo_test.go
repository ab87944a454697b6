package machine_test

import (
	"reflect"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/emu/machine"
)

// TestProfileFollowsTheBootloader changes texts in the later sectors of one: a
// machine that has met it before must see what one that never did sees.
func TestProfileFollowsTheBootloader(t *testing.T) {
	d := device(t, "v4.4.8")
	m := machine.New(machine.Options{})
	before, err := m.Profile(d)
	require.NoError(t, err)
	differ := 0
	for at := uint32(0x1FB8); at < 0x2C00; at += 0x68 {
		e := d.Fork()
		b := make([]byte, 4)
		e.Flash.Read(at, b)
		for i := range b {
			b[i] ^= 0x20
		}
		require.NoError(t, e.Flash.Place(at, b))
		want, err1 := machine.New(machine.Options{}).Profile(e)
		got, err2 := m.Profile(e)
		require.Equal(t, err1, err2)
		require.Equal(t, want, got, "a change at 0x%x", at)
		if !reflect.DeepEqual(want, before) {
			differ++
		}
		_, err = m.Profile(d)
		require.NoError(t, err)
	}
	require.Positive(t, differ, "no change that matters was tried")
}
