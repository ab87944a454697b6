package bootloader

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/bootsim/bootsim/emu/rom"
	"github.com/bootsim/bootsim/flashmodel/parttable"
)

// A row reads as the ROM's printf would print it, whatever lies in it.
func TestRowsReadAsPrinted(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		label := rapid.SliceOfN(rapid.SampledFrom([]byte{0, 'a', ' ', '%', 0xFF}), 0, 40).Draw(t, "label")
		usage := rapid.SampledFrom([]string{"OTA app", "ota partition_table", "unknown", "sixteen bytes ab"}).Draw(t, "usage")
		e := parttable.Entry{
			Type: rapid.Byte().Draw(t, "type"), Subtype: rapid.Byte().Draw(t, "subtype"),
			Offset: rapid.Uint32().Draw(t, "offset"), Size: rapid.Uint32().Draw(t, "size"),
		}
		for i := range parttable.MaxRows {
			want := rom.Sprintf(rowFormat, i, label, usage, e.Type, e.Subtype, e.Offset, e.Size)
			require.Equal(t, want, string(rowLine(nil, i, label, usage, e)))
		}
	})
}
