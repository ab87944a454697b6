package fuzz

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/fixtures/regress"
)

// TestMutationsAreBounded refuses what would work for hours.
func TestMutationsAreBounded(t *testing.T) {
	all, err := NewSubjects(regress.Small()[1:2], nil)
	require.NoError(t, err)
	m := Mutation{Changes: make([]Change, 257)}
	for i := range m.Changes {
		m.Changes[i] = Change{Kind: KindFlip, At: 0x20000, Data: Hex{1}}
	}
	var refused *ChangeError
	_, err = all[0].Apply(m)
	require.ErrorAs(t, err, &refused)
	require.ErrorContains(t, err, "257 changes are more than 256")
	m.Changes = m.Changes[1:]
	d, err := all[0].Apply(m)
	require.NoError(t, err)
	require.Equal(t, all[0].Device.Flash.Sum(), d.Flash.Sum(), "they undo each other")
}
