package diagnose

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/efuse"
	"github.com/bootsim/bootsim/fixtures/lot"
	"github.com/bootsim/bootsim/flashmodel"
	"github.com/bootsim/bootsim/flashmodel/crypt"
	"github.com/bootsim/bootsim/flashmodel/parttable"
)

// encrypting is a device with flash encryption on and nothing in flash.
func encrypting(t *testing.T) (*Context, crypt.Key) {
	t.Helper()
	k := crypt.KeyFromBlock([32]byte{1, 2, 3})
	flash, err := flashmodel.New(flashmodel.MinSize)
	require.NoError(t, err)
	d := &emu.Device{Flash: flash, Efuses: lot.Chip(lot.Encrypting(efuse.Revision{Major: 1}, k))}
	require.True(t, d.Efuses.FlashEncryption())
	return &Context{Lot: &bootsim.Lot{Name: "lot"}, Device: d, TableOffset: 0x8000}, k
}

// TestOnePlaceHasOneCause: what lies where a cause was named already is not called
// wrong once more, for another reason; elsewhere it is.
func TestOnePlaceHasOneCause(t *testing.T) {
	c, _ := encrypting(t)
	require.NoError(t, c.Device.Flash.Place(bootloaderAddress, lot.Bootloader(lot.BootloaderSpec{IDF: "v4.4.8"})))
	at, elsewhere := uint32(bootloaderAddress), uint32(0x20000)
	named := func(a *uint32) []bootsim.Finding {
		return alsoWrong(c, []bootsim.Finding{{Rule: "wrong-key", Offset: a}})
	}
	more := named(&elsewhere)
	require.Len(t, more, 1)
	require.Equal(t, "not-encrypted", more[0].Rule)
	require.Equal(t, at, *more[0].Offset)
	require.Len(t, named(nil), 1)
	require.Empty(t, named(&at))
}

// TestForcedRowsWithCiphertextAreRight: a row that is read through flash encryption
// is warned of when it holds plaintext, and not when it holds ciphertext or nothing.
func TestForcedRowsWithCiphertextAreRight(t *testing.T) {
	keys := parttable.Entry{Label: parttable.Label("nvs_key"), Type: parttable.TypeData, Subtype: parttable.SubtypeNVSKeys, Offset: 0x10000, Size: 0x1000}
	flagged := parttable.Entry{Label: parttable.Label("store"), Type: parttable.TypeData, Subtype: parttable.SubtypeNVS, Offset: 0x12000, Size: 0x2000, Flags: parttable.FlagEncrypted}
	plain := parttable.Entry{Label: parttable.Label("plain"), Type: parttable.TypeData, Subtype: parttable.SubtypeNVS, Offset: 0x14000, Size: 0x2000}
	table := &parttable.Table{Entries: []parttable.Entry{keys, flagged, plain}}
	content := make([]byte, 0x1000)
	copy(content, "settings of a device")
	for _, row := range table.Entries {
		c, k := encrypting(t)
		require.Empty(t, forcedRows(c, table), "erased")
		require.NoError(t, c.Device.Flash.Place(row.Offset, lot.Encrypt(k, crypt.FullConfig, row.Offset, content)))
		require.Empty(t, forcedRows(c, table), row.Name())
		require.NoError(t, c.Device.Flash.Place(row.Offset, content))
		if row.Offset == plain.Offset {
			require.Empty(t, forcedRows(c, table))
			continue
		}
		found := forcedRows(c, table)
		require.Len(t, found, 1)
		require.Equal(t, row.Name(), found[0].Partition)
	}
}
