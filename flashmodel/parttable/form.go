package parttable

import "slices"

// Decode reads a binary table as gen_esp32part does, by the rules of the newest
// version and with MD5: b begins with the first row and ends behind the row of
// ones or later. Flags are kept as stored. The error is an *InputError, an
// *ExceptionError or a *LimitError. What a bootloader makes of the same bytes
// is a different question: see DecodeRow.
func Decode(b []byte) (*Table, error) {
	entries, sum, err := Latest().readEntries(b)
	if err != nil {
		return nil, err
	}
	return &Table{Entries: entries, MD5: sum}, nil
}

// ParseCSV reads a table in CSV, checks it if the options say so, and returns
// it with the warnings and lists that the reference prints on its way.
func ParseCSV(text string, o Options) (*Table, []string, error) {
	var lines []string
	collect := func(line string) { lines = append(lines, line) }
	o.Stderr, o.Stdout = collect, collect
	if err := o.addExtraSubtypes(); err != nil {
		return nil, nil, err
	}
	o.ExtraSubtypes = nil
	s, err := ReadCSV(text, o)
	if err == nil && o.Verify {
		err = s.Verify(o)
	}
	if err == nil && o.FlashSize > 0 {
		err = s.VerifySize(o.FlashSize, o)
	}
	if err != nil {
		return nil, lines, err
	}
	t, err := s.Table(o)
	return t, lines, err
}

// Table returns the partitions as entries. Numbers that do not fit give an
// *ExceptionError.
func (s Sheet) Table(o Options) (*Table, error) {
	t := &Table{Entries: make([]Entry, len(s)), MD5: o.MD5}
	for i, p := range s {
		var err error
		if t.Entries[i], err = p.entry(); err != nil {
			return nil, err
		}
	}
	return t, nil
}

// Sheet returns the entries in the form the rules are checked on. Flags that
// the version does not know are dropped.
func (t *Table) Sheet(o Options) Sheet { return sheetOf(t.Entries, o.Profile) }

// Encode returns the binary table: rows as they are, digest if the options say
// so, and ones up to MaxLength. The error is an *InputError if it is too long.
func (t *Table) Encode(o Options) ([]byte, error) {
	var rows []byte
	for _, e := range t.Entries {
		row := e.Encode()
		rows = append(rows, row[:]...)
	}
	return seal(slices.Clip(rows), o.MD5)
}

// CSV returns the table as CSV.
func (t *Table) CSV(o Options) string { return t.Sheet(o).CSV(o) }

// Verify checks the table by the rules of the options' version, and its size
// if they hold one. See Sheet.Verify.
func (t *Table) Verify(o Options) error {
	s := t.Sheet(o)
	if err := s.Verify(o); err != nil || o.FlashSize == 0 {
		return err
	}
	return s.VerifySize(o.FlashSize, o)
}
