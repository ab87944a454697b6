package bootloader

import (
	"bytes"

	"github.com/bootsim/bootsim/flashmodel/parttable"
)

// tableBytes is the region that a bootloader maps as partition table. Like
// mapped flash it is read when it is looked at, and no more of it.
type tableBytes struct {
	from  *window
	at    uint32 // in flash
	have  int    // bytes of cells that were read
	cells [parttable.MaxLength]byte
}

// tablePiece is how much of a table is read at a time: sixteen rows, which few
// tables exceed.
const tablePiece = 16 * parttable.RowSize

// upTo reads the region from its beginning on: size bytes, if not more.
func (t *tableBytes) upTo(size int) {
	for t.have < size {
		n := min(tablePiece, len(t.cells)-t.have)
		t.from.Read(t.at+uint32(t.have), t.cells[t.have:][:n])
		t.have += n
	}
}

// whole reads all of the region.
func (t *tableBytes) whole() { t.upTo(len(t.cells)) }

// rows returns the first n rows.
func (t *tableBytes) rows(n int) []byte {
	t.upTo(n * parttable.RowSize)
	return t.cells[:n*parttable.RowSize]
}

// row returns row i.
func (t *tableBytes) row(i int) parttable.Row {
	return parttable.DecodeRow(t.rows(i + 1)[i*parttable.RowSize:])
}

// label returns the label of row i and what follows, for lines that print up to
// the first zero: a full label runs on into the flags and the next rows.
func (t *tableBytes) label(i int) []byte {
	const offset = 12 // in a row
	from := i*parttable.RowSize + offset
	if bytes.IndexByte(t.rows(i + 1)[from:], 0) < 0 {
		t.whole()
	}
	return t.cells[from:t.have]
}
