package execute

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/efuse"
	"github.com/bootsim/bootsim/flashmodel/parttable"
)

// usualTable is where the scenarios have their partition table, of at most
// tableSize bytes.
const (
	usualTable = 0x8000
	tableSize  = 0xC00
)

// freePlaces are the other places that the scenarios have for it: in NVS, which
// no bootloader reads.
var freePlaces = []uint32{0x9000, 0xA000, 0xB000, 0xC000}

// asRecorded leaves a scenario's device as it is.
func asRecorded(*testing.T, *emu.Device) {}

// eased changes a scenario's device so that a bootloader gets further that turns
// all scenarios down for the same reason: the chip is of revision 3, the table is
// plaintext without the row that v3.0 does not know, and lies at the other places
// too. Devices that encrypt stay as they are, but for the chip.
func eased(t *testing.T, d *emu.Device) {
	require.NoError(t, d.Efuses.Burn(0, []uint32{3: 1 << 15, 5: 1 << 20}))
	d.ROM, d.APBRevision = emu.ROM2019, true
	require.Equal(t, uint8(3), d.Efuses.Revision(d.APBRevision).Major)
	if d.Efuses.FlashEncryption() {
		return
	}
	table := make([]byte, tableSize)
	d.Flash.Read(usualTable, table)
	for at := 0; at < len(table); at += parttable.RowSize {
		if row := table[at : at+parttable.RowSize]; row[0] == 0xEB && row[1] == 0xEB {
			copy(row, bytes.Repeat([]byte{0xFF}, parttable.RowSize))
		}
	}
	require.NoError(t, d.Flash.Place(usualTable, table))
	for _, at := range freePlaces {
		require.NoError(t, d.Flash.Place(at, table))
	}
}

// Eased devices are what their description says.
func TestEased(t *testing.T) {
	d := ownDevice(t)
	row := parttable.MD5Row([16]byte{1})
	require.NoError(t, d.Flash.Place(usualTable+0xA0, row[:]))
	d.Efuses = efuse.New()
	eased(t, d)
	require.True(t, d.Flash.Erased(usualTable+0xA0, parttable.RowSize))
	first := make([]byte, 2)
	for at, want := range map[uint32]byte{usualTable: 0xAA, 0xA000: 0xAA, 0xD000: 0xFF} {
		d.Flash.Read(at, first)
		require.Equal(t, want, first[0], "0x%x", at)
	}
}
