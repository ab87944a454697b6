package parttable

import (
	"crypto/md5"
	"encoding/hex"
	"fmt"
	"slices"
)

// maxTable bounds a binary table. The reference reads on as far as there are
// rows, but no device does.
const maxTable = 1 << 20

// readEntries reads rows up to the one that is all ones. With md5 it checks
// digests; without, a row with a digest is a broken entry.
func (o Options) readEntries(b []byte) (entries []Entry, sum bool, err error) {
	digest := md5.New()
	for at := 0; at < len(b); at += RowSize {
		if at >= maxTable {
			return nil, sum, &LimitError{"the partition table goes on for more than 1 MiB: it takes up 0xc00 bytes"}
		}
		if len(b)-at < RowSize {
			return nil, sum, inputErrorf("Partition table length must be a multiple of 32 bytes")
		}
		row := b[at : at+RowSize]
		if allOnes(row) {
			return entries, sum, nil
		}
		if r := DecodeRow(row); o.MD5 && r.Kind == RowMD5 {
			if computed := digest.Sum(nil); !slices.Equal(r.MD5[:], computed) {
				return nil, sum, inputErrorf("MD5 checksums don't match! (computed: 0x%s, parsed: 0x%s)",
					hex.EncodeToString(computed), bytesLiteral([]byte(hex.EncodeToString(r.MD5[:]))))
			}
			sum = true
			continue
		}
		digest.Write(row)
		e, err := o.readEntry(row)
		if err != nil {
			return nil, sum, err
		}
		entries = append(entries, e)
	}
	return nil, sum, inputErrorf("Partition table is missing an end-of-table marker")
}

func allOnes(row []byte) bool {
	return !slices.ContainsFunc(row, func(c byte) bool { return c != 0xFF })
}

// readEntry reads a row that has to be an entry.
func (o Options) readEntry(row []byte) (Entry, error) {
	r := DecodeRow(row)
	if _, err := decodeUTF8([]byte(r.Entry.Name())); err != nil {
		return Entry{}, err
	}
	if r.Kind != RowEntry {
		return Entry{}, inputErrorf("Invalid magic bytes (%s) for partition definition", bytesLiteral(row[:2]))
	}
	known := uint32(FlagEncrypted)
	if o.Profile.ReadOnlyFlag {
		known |= FlagReadOnly
	}
	if unknown := r.Entry.Flags &^ known; unknown != 0 {
		o.warn(fmt.Sprintf("WARNING: Partition definition had unknown flag(s) 0x%08x. Newer binary format?", unknown))
	}
	return r.Entry, nil
}

// ReadBinary reads a binary table. The error is an *InputError with the
// reference's text, an *ExceptionError or a *LimitError.
func ReadBinary(b []byte, o Options) (Sheet, error) {
	entries, _, err := o.readEntries(b)
	if err != nil {
		return nil, err
	}
	return sheetOf(entries, o.Profile), nil
}

func sheetOf(entries []Entry, p Profile) Sheet {
	s := make(Sheet, len(entries))
	for i, e := range entries {
		s[i] = partOf(e, p)
	}
	return s
}

// Binary returns the table as gen_esp32part writes it: rows, digest, and ones
// up to MaxLength.
func (s Sheet) Binary(o Options) ([]byte, error) {
	var rows []byte
	for _, p := range s {
		e, err := p.entry()
		if err != nil {
			return nil, err
		}
		row := e.Encode()
		rows = append(rows, row[:]...)
	}
	return seal(rows, o.MD5)
}

// seal closes rows with their digest and pads them.
func seal(rows []byte, sum bool) ([]byte, error) {
	if sum {
		row := MD5Row(md5.Sum(rows))
		rows = append(rows, row[:]...)
	}
	if len(rows) >= MaxLength {
		return nil, inputErrorf("Binary partition table length (%d) longer than max", len(rows))
	}
	for len(rows) < MaxLength {
		rows = append(rows, 0xFF)
	}
	return rows, nil
}
