package machine

import (
	"fmt"

	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/bootloader"
	"github.com/bootsim/bootsim/flashmodel"
	"github.com/bootsim/bootsim/flashmodel/parttable"
)

// lastTable is where a partition table is looked for last.
const lastTable = 0x40000

// findTable looks for the partition table where the bootloader reads it by
// default, and then further on. It is no setting that a binary shows.
func findTable(d *emu.Device) uint32 {
	flash := d.CachedBy(d.Cipher())
	if !hasTable(&flash, bootloader.DefaultTableOffset) {
		for at := uint32(bootloader.ImageAddress + flashmodel.SectorSize); at <= lastTable; at += flashmodel.SectorSize {
			if hasTable(&flash, at) {
				return at
			}
		}
	}
	return bootloader.DefaultTableOffset
}

// assumedOffset says where a table was found that is not in its usual place.
func assumedOffset(at uint32) string {
	return fmt.Sprintf("The bootloader reads the partition table at 0x%x, because one lies there and none at 0x%x.",
		at, bootloader.DefaultTableOffset)
}

// hasTable tells whether flash, as the cache shows it, has something that begins
// like a partition table: a row, and rows or the end behind it.
func hasTable(flash *emu.Cache, at uint32) bool {
	var b [2 * parttable.RowSize]byte
	flash.Read(at, b[:])
	if parttable.DecodeRow(b[:]).Kind != parttable.RowEntry {
		return false
	}
	switch parttable.DecodeRow(b[parttable.RowSize:]).Kind {
	case parttable.RowEntry, parttable.RowMD5, parttable.RowEnd:
		return true
	}
	return false
}
