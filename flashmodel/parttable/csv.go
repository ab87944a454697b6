package parttable

import (
	"errors"
	"fmt"
	"strings"
)

// maxParts bounds the partitions of a CSV. A binary table holds fewer than 96.
const maxParts = 1 << 12

// ReadCSV reads a table in CSV and gives every partition its offset and size.
// The error is an *InputError with the reference's text, an *ExceptionError or
// a *LimitError.
func ReadCSV(text string, o Options) (Sheet, error) {
	if err := o.addExtraSubtypes(); err != nil {
		return nil, err
	}
	s, err := o.readLines(text)
	if err != nil {
		return nil, err
	}
	return s, o.place(s)
}

func (o Options) readLines(text string) (Sheet, error) {
	var s Sheet
	for number := 1; text != ""; number++ {
		var line string
		line, text = nextLine(text)
		line, err := o.expand(line)
		if err != nil {
			return nil, err
		}
		line = strip(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		p, err := o.readLine(line, number)
		if err != nil {
			return nil, o.lineError(err, number)
		}
		if s = append(s, p); len(s) > maxParts {
			return nil, &LimitError{fmt.Sprintf("the CSV has more than %d partitions: a table holds at most %d", maxParts, MaxRows-1)}
		}
	}
	return s, nil
}

// lineError adds the line's number to an error.
func (o Options) lineError(err error, number int) error {
	var input *InputError
	if !errors.As(err, &input) {
		return err
	}
	hint := ""
	if o.Profile.SubtypesHint {
		hint = "\nPlease check extra_partition_subtypes.inc file in build/config directory"
	}
	return inputErrorf("Error at line %d: %s%s", number, input.Text, hint)
}

// readLine reads the fields name, type, subtype, offset, size and flags.
// Missing fields are empty, further ones are ignored.
func (o Options) readLine(line string, number int) (Part, error) {
	fields := strings.SplitN(line+",,,,", ",", 7)
	for i, f := range fields {
		fields[i] = strip(f)
	}
	p := Part{Name: fields[0], line: number}
	var err error
	if p.Type, err = o.readType(fields[1]); err != nil {
		return p, err
	}
	if p.Subtype, err = o.readSubtype(fields[2], p.Type); err != nil {
		return p, err
	}
	if p.Offset, p.placed, err = o.readOffset(fields[3], p); err != nil {
		return p, err
	}
	if p.Size, err = o.readSize(fields[4], p.Type); err != nil {
		return p, err
	}
	return p, o.readFlags(fields[5], &p)
}

func (o Options) readType(field string) (int64, error) {
	if field == "" {
		return 0, inputErrorf("Field 'type' can't be left empty.")
	}
	return number(field, o.Profile.words.types)
}

func (o Options) readSubtype(field string, typ int64) (int64, error) {
	switch {
	case field != "":
		return number(field, o.Profile.words.subtypes[typ])
	case !o.Profile.EmptySubtype:
		return 0, nil
	case typ == TypeApp:
		return 0, inputErrorf("App partition cannot have an empty subtype")
	}
	return SubtypeUndefined, nil
}

// readOffset returns the offset and whether there is one. Some rows have a
// fixed place, whatever their field holds.
func (o Options) readOffset(field string, p Part) (int64, bool, error) {
	if o.Profile.FixedRows {
		switch {
		case p.is(TypeBootloader, SubtypePrimary):
			return given(o.PrimaryBootloaderOffset, "Primary", "primary")
		case p.is(TypeBootloader, SubtypeRecovery):
			return given(o.RecoveryBootloaderOffset, "Recovery", "recovery")
		case p.is(TypeTable, SubtypePrimary):
			return o.Offset, true, nil
		}
	}
	if field == "" {
		return 0, false, nil
	}
	n, err := number(field, nil)
	return n, true, err
}

// given returns the value of an option that a row needs.
func given(option *int64, which, flag string) (int64, bool, error) {
	if option == nil {
		return 0, false, inputErrorf("%s bootloader offset is not defined. Please use --%s-bootloader-offset", which, flag)
	}
	return *option, true, nil
}

func (o Options) readSize(field string, typ int64) (int64, error) {
	if o.Profile.FixedRows && typ == TypeBootloader {
		start, _, err := given(o.PrimaryBootloaderOffset, "Primary", "primary")
		return o.Offset - start, err
	}
	if o.Profile.FixedRows && typ == TypeTable {
		return SectorSize, nil
	}
	if field == "" {
		return 0, inputErrorf("Size field can't be empty")
	}
	return number(field, nil)
}

func (o Options) readFlags(field string, p *Part) error {
	for flag := range strings.SplitSeq(field, ":") {
		switch {
		case flag == "encrypted":
			p.Encrypted = true
		case flag == "readonly" && o.Profile.ReadOnlyFlag:
			p.ReadOnly = true
		case flag != "":
			return inputErrorf("CSV flag column contains unknown flag '%s'", flag)
		}
	}
	return nil
}
