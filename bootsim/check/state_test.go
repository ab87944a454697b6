package check

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/efuse"
	"github.com/bootsim/bootsim/fixtures/lot"
	"github.com/bootsim/bootsim/flashmodel"
	"github.com/bootsim/bootsim/flashmodel/otadata"
	"github.com/bootsim/bootsim/flashmodel/parttable"
)

// TestStatesDifferByTheSlotThatOTADataNames, even while the same slot runs
// because the one named does not start; the number itself does not matter.
func TestStatesDifferByTheSlotThatOTADataNames(t *testing.T) {
	table := &parttable.Table{Entries: []parttable.Entry{
		lot.Row("otadata", parttable.TypeData, parttable.SubtypeOTAData, 0xD000, otadata.Size),
		lot.Row("ota_0", parttable.TypeApp, parttable.SubtypeOTA0, 0x10000, 0x10000),
		lot.Row("ota_1", parttable.TypeApp, parttable.SubtypeOTA0+1, 0x20000, 0x10000),
	}}
	state := func(seq uint32, s otadata.State) otaState {
		flash, err := flashmodel.New(flashmodel.MinSize)
		require.NoError(t, err)
		require.NoError(t, flash.Place(0xD000, lot.OTAData(otadata.New(1, otadata.StateValid), otadata.New(seq, s))))
		return stateOf(&emu.Device{Flash: flash, Efuses: efuse.New()}, table, 0)
	}
	require.NotEqual(t, state(4, otadata.StateValid), state(5, otadata.StateValid))
	require.Equal(t, state(3, otadata.StateValid), state(5, otadata.StateUndefined))
	require.NotEqual(t, state(3, otadata.StateValid), state(3, otadata.StateNew))
}
