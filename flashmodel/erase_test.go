package flashmodel_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/flashmodel"
)

// TestEraseRangeOfTheWholeChip takes a range as large as the chip, and none
// larger.
func TestEraseRangeOfTheWholeChip(t *testing.T) {
	f, err := flashmodel.New(flashmodel.MinSize)
	require.NoError(t, err)
	require.NoError(t, f.Place(flashmodel.MinSize-1, []byte{0}))
	require.NoError(t, f.EraseRange(0, flashmodel.MinSize))
	require.True(t, f.Erased(0, flashmodel.MinSize))
	var tooLarge *flashmodel.RangeError
	require.ErrorAs(t, f.EraseRange(0, flashmodel.MinSize+flashmodel.SectorSize), &tooLarge)
}
