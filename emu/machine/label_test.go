package machine_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/machine"
	"github.com/bootsim/bootsim/fixtures/lot"
	"github.com/bootsim/bootsim/flashmodel/parttable"
)

// A label without an end runs on through its row's flags, the rows behind it
// and the erased rest of the region that is mapped (spec 2.4).
func TestFullLabelRunsOn(t *testing.T) {
	d := device(t, "v4.4.8")
	require.NoError(t, d.Flash.Place(0x8000, bytes.Repeat([]byte{0xFF}, 4096)))
	e := parttable.Entry{Label: parttable.Label("sixteen_bytes_ab"), Offset: 0x10000, Size: 0x20000, Flags: 0x01010101}.Encode()
	require.NoError(t, d.Flash.Place(0x8000, e[:]))
	want := " 0 sixteen_bytes_ab\x01\x01\x01\x01" + strings.Repeat("\xff", parttable.MaxLength-parttable.RowSize) +
		" factory app      00 00 00010000 00020000"
	m := machine.New(machine.Options{})
	for range 2 {
		out := m.Boot(d.Fork())
		require.Contains(t, out.Log, emu.Line{Stage: emu.StageBootloader, Level: 'I', Tag: "boot", Text: want})
		require.Equal(t, "sixteen_bytes_ab", out.App.Label)
	}
}

// A remembered image is refused, or started, under the name and row that its partition has now.
func TestRememberedRefusalNamesThePartition(t *testing.T) {
	d := device(t, "v4.4.8")
	require.NoError(t, d.Flash.Place(0x10000, []byte{0}))
	m := machine.New(machine.Options{})
	m.Boot(d.Fork())
	renamed := strings.NewReplacer("factory,app", "other,app", "ota_0,app", "next,app", "nvs,data,nvs,0x9000,16K,\n", "").Replace(tableCSV)
	require.NoError(t, d.Flash.Place(0x8000, lot.Table(renamed)))
	got := m.Boot(d.Fork())
	require.Equal(t, machine.New(machine.Options{}).Boot(d.Fork()), got)
	require.Equal(t, "other", got.Refusals[0].Label)
	require.Equal(t, 1, got.Refusals[0].Row)
	require.Equal(t, "next", got.App.Label)
}
