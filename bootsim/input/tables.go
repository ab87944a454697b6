package input

import "github.com/bootsim/bootsim/flashmodel/parttable"

// tableRows returns the entries of a table that starts b, or none. A table
// starts with an entry and has nothing but entries up to its MD5 or end.
func tableRows(b []byte) []parttable.Entry {
	var rows []parttable.Entry
	for i := 0; i < parttable.MaxRows && len(b) >= (i+1)*parttable.RowSize; i++ {
		row := parttable.DecodeRow(b[i*parttable.RowSize:])
		if row.Kind != parttable.RowEntry {
			break
		}
		rows = append(rows, row.Entry)
	}
	return rows
}

// findTable looks for a partition table at sector boundaries from an offset on.
// Offset 0: none.
func findTable(b []byte, from int) (uint32, []parttable.Entry) {
	for at := from; at+2*parttable.RowSize <= len(b); at += sectorSize {
		if rows := tableRows(b[at:]); len(rows) > 0 && plausible(rows[0]) {
			return uint32(at), rows
		}
	}
	return 0, nil
}

// plausible tells rows from bytes that happen to start with the row magic.
func plausible(e parttable.Entry) bool {
	return e.Offset%16 == 0 && e.Offset < maxFlash && e.Size <= maxFlash && e.Label[0] >= ' ' && e.Label[0] < 0x7F
}

// lowest returns the smallest offset of a table's rows.
func lowest(rows []parttable.Entry) uint32 {
	low := uint32(maxFlash)
	for _, e := range rows {
		low = min(low, e.Offset)
	}
	return low
}
