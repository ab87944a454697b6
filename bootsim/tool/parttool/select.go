package parttool

import (
	"errors"
	"strings"

	"github.com/bootsim/bootsim/bootsim/tool/cli"
	"github.com/bootsim/bootsim/flashmodel/parttable"
)

// Selection tells which partition is meant: by its name, by type and subtype as
// words or numbers, or if all are empty the one that a device without otadata
// starts.
type Selection struct {
	Name, Type, Subtype string
	All                 bool // by type: every one that fits, not only the first
}

// Find returns the partition that is meant. Errors are the reference's
// exceptions.
func (t *Target) Find(s Selection) (parttable.Part, error) {
	parts, err := t.FindAll(s)
	if err != nil {
		return parttable.Part{}, err
	}
	return parts[0], nil
}

// FindAll returns all partitions that are meant, at least one.
func (t *Target) FindAll(s Selection) ([]parttable.Part, error) {
	var parts []parttable.Part
	switch {
	case s.Name != "":
		parts = t.named(s.Name)
	case s.Type != "" && s.Subtype != "":
		typ, subtype, err := t.numbers(s.Type, s.Subtype)
		if err != nil {
			return nil, err
		}
		if parts = t.typed(typ, subtype); len(parts) == 0 && !s.All {
			return nil, Exceptionf("IndexError", "list index out of range")
		}
		if s.All && len(parts) > 0 {
			return parts, nil
		}
	default:
		parts = t.bootDefault()
	}
	if len(parts) == 0 {
		return nil, Exceptionf("Exception", "Partition does not exist")
	}
	return parts[:1], nil
}

func (t *Target) named(name string) (parts []parttable.Part) {
	for _, p := range t.Sheet {
		if p.Name == name {
			parts = append(parts, p)
		}
	}
	return parts
}

func (t *Target) typed(typ, subtype int64) (parts []parttable.Part) {
	for _, p := range t.Sheet {
		if p.Type == typ && p.Subtype == subtype {
			parts = append(parts, p)
		}
	}
	return parts
}

// bootDefault returns the factory application, else the first OTA slot.
func (t *Target) bootDefault() []parttable.Part {
	if parts := t.typed(parttable.TypeApp, parttable.SubtypeFactory); len(parts) > 0 {
		return parts
	}
	for subtype := parttable.SubtypeOTA0; subtype <= parttable.SubtypeOTA15; subtype++ {
		if parts := t.typed(parttable.TypeApp, int64(subtype)); len(parts) > 0 {
			return parts
		}
	}
	return nil
}

// numbers returns the numbers of a type and subtype. Words are looked up by
// having a line of CSV read that holds them, so that they are those of the
// release and of --extra-partition-subtypes.
func (t *Target) numbers(typ, subtype string) (int64, int64, error) {
	for _, word := range []string{typ, subtype} {
		if !plainWord(word) {
			return 0, 0, notNumber(word)
		}
	}
	o, anywhere := t.options, t.options.Offset-1
	o.PrimaryBootloaderOffset, o.RecoveryBootloaderOffset = &anywhere, &anywhere
	o.Getenv, o.Stderr, o.Stdout = nil, nil, nil
	s, err := parttable.ReadCSV("x,"+typ+","+subtype+",0x7fff0000,0x1000", o)
	var input *parttable.InputError
	switch {
	case errors.As(err, &input) && strings.Contains(input.Text, "'"+typ+"'"):
		return 0, 0, notNumber(typ)
	case err != nil:
		return 0, 0, notNumber(subtype)
	}
	return s[0].Type, s[0].Subtype, nil
}

// plainWord tells whether a word is a number without a unit, or may be a
// keyword, which is in lower case here, though not in CSV.
func plainWord(word string) bool {
	if _, ok := cli.ParseInt(word); ok {
		return true
	}
	return word != "" && (word[0] < '0' || word[0] > '9') && word == strings.ToLower(word) &&
		!strings.ContainsAny(word, ",$# \t\r\n-+")
}

func notNumber(word string) error {
	return Exceptionf("ValueError", "invalid literal for int() with base 0: '%s'", word)
}
