package bootloader

import (
	"crypto/md5"

	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/flashmodel/parttable"
)

// loadTable maps, verifies and prints the partition table and takes the rows
// that matter from it (spec 2.4, 2.2 steps 11 and 12).
func (s *session) loadTable() error {
	raw := tableBytes{from: &s.cache, at: s.p.TableOffset}
	s.mapped(s.p.TableOffset, parttable.MaxLength)
	s.log(msgTableMapped, s.p.TableOffset, mapAddress+s.p.TableOffset&pageMask)
	n, ok := s.verifyTable(&raw, true)
	if !ok {
		s.refuse(s.tableRefusal(emu.ReasonTable, 0), msgTableBad)
		s.log(msgTableError)
		return s.giveUp()
	}
	s.printTable(&raw, n)
	s.unmapped()
	s.log(msgTableDone)
	return nil
}

// tableCheck is one walk over a table. First-boot encryption looks at tables
// without printing what is wrong with them.
type tableCheck struct {
	*session
	raw  *tableBytes
	loud bool
}

// fault records what is wrong with a table.
func (t *tableCheck) fault(r emu.Refusal, id messageID, args ...any) {
	if t.loud {
		t.refuse(r, id, args...)
	}
}

// verifyTable is esp_partition_table_verify: it returns how many rows count.
// The digest row is not counted but stays where it is, so that a digest that
// is not last hides the row after all others.
func (s *session) verifyTable(raw *tableBytes, loud bool) (rows int, ok bool) {
	t := tableCheck{s, raw, loud}
	digests := 0
	for i := range parttable.MaxRows {
		row := raw.row(i)
		switch {
		case row.Kind == parttable.RowEntry:
			ok = t.rowFits(i, row.Entry)
		case row.Kind == parttable.RowMD5 && s.p.has(featTableMD5):
			ok = t.digestRow(i, row, digests)
			digests++
		case row.Kind == parttable.RowEnd && (i != 0 || !s.p.has(featTableNotEmpty)):
			s.log(msgTableEnd, i)
			return i - digests, true
		default:
			t.fault(s.tableRefusal(emu.ReasonTableMagic, i), msgRowMagic, i, row.Magic)
			ok = false
		}
		if !ok {
			return 0, false
		}
	}
	t.fault(s.tableRefusal(emu.ReasonTableNoEnd, parttable.MaxRows), msgNoEnd)
	return 0, false
}

// rowFits compares a row's end with the flash size of the bootloader's own
// header, in 32-bit arithmetic (spec 2.4).
func (t *tableCheck) rowFits(i int, e parttable.Entry) bool {
	past := e.Offset+e.Size > t.size
	if t.p.has(featTableNoWrap) {
		past = e.Size > t.size-e.Offset
	}
	if e.Offset <= t.size && !past {
		return true
	}
	r := t.tableRefusal(emu.ReasonTableSize, i)
	r.Label, r.Offset = e.Name(), e.Offset
	r.Want, r.Got = uint64(t.size), uint64(e.Offset)+uint64(e.Size)
	t.fault(r, msgRowSize, i, e.Offset, e.Size, t.size)
	return false
}

func (t *tableCheck) digestRow(i int, row parttable.Row, before int) bool {
	if before != 0 {
		t.fault(t.tableRefusal(emu.ReasonTableTwoMD5, i), msgTwoMD5)
		return false
	}
	if md5.Sum(t.raw.rows(i)) != row.MD5 {
		t.fault(t.tableRefusal(emu.ReasonTableMD5, i), msgBadMD5)
		return false
	}
	return true
}

func (s *session) tableRefusal(reason emu.Reason, row int) emu.Refusal {
	return emu.Refusal{Reason: reason, Slot: emu.SlotNone, Row: row, Offset: s.p.TableOffset + uint32(row)*parttable.RowSize}
}

// printTable prints the rows and records those that a boot needs.
func (s *session) printTable(raw *tableBytes, rows int) {
	s.log(msgTableTitle)
	s.log(msgTableHead)
	window, debug := mapAddress+s.p.TableOffset&pageMask, s.logs(LogDebug)
	for i := range rows {
		e := raw.row(i).Entry
		if debug {
			s.log(msgRowAt, window+uint32(i)*parttable.RowSize)
			s.log(msgRowType, e.Type, e.Subtype)
		}
		s.table.record(e, i, &s.paper)
		s.logRow(i, raw.label(i), e)
	}
}
