package sweep_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/bootsim/bootsim/bootsim/sweep"
	"github.com/bootsim/bootsim/emu/fault"
	"github.com/bootsim/bootsim/emu/update"
	"github.com/bootsim/bootsim/fixtures/lot"
	"github.com/bootsim/bootsim/fixtures/updates"
	"github.com/bootsim/bootsim/flashmodel/parttable"
)

// Tables that no tool would make lead to an error or a result, never to a panic
// or an endless loop.
func TestHostileTables(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		kind := rapid.SampledFrom(update.Kinds()).Draw(rt, "updater")
		plan := updates.Plan(tiny(updates.Spec{Updater: kind.Name, Table: updates.Three, Encrypted: rapid.Bool().Draw(rt, "encrypted")}))
		number := rapid.OneOf(rapid.SampledFrom([]uint32{0, 1, 0xD000, 0x10000, 0x20000, 0x3FF000, 0xFFFFF000, 0xFFFFFFFF}), rapid.Uint32())
		rows := []parttable.Entry{lot.Row("otadata", parttable.TypeData, 0, 0xD000, 0x2000)}
		for range rapid.IntRange(1, 5).Draw(rt, "rows") {
			rows = append(rows, lot.Row("row", rapid.Uint8Range(0, 2).Draw(rt, "type"), rapid.SampledFrom([]uint8{0, 0x10, 0x11, 0x12, 0x20}).Draw(rt, "subtype"),
				number.Draw(rt, "offset"), number.Draw(rt, "size")))
		}
		table := lot.Rows(false, rows...)
		if cipher := plan.Device.Cipher(); cipher != nil {
			require.NoError(rt, cipher.Encrypt(0x8000, table, table))
		}
		require.NoError(rt, plan.Device.Flash.Place(0x8000, table))
		sc, err := sweep.Prepare(plan)
		if err != nil {
			var bad *sweep.PlanError
			require.ErrorAs(rt, err, &bad)
			return
		}
		_, err = sweep.Run(sc, sweep.Options{Faults: fault.All, Runs: 20})
		require.True(rt, err == nil || errors.Is(err, sweep.ErrNoFault), "%v", err)
	})
}
