package parttable

import (
	"errors"
	"maps"
	"slices"
	"strings"
)

// addExtraSubtypes adds the options' further subtypes to the words of their
// profile. It copies the words first: profiles may be shared.
func (o *Options) addExtraSubtypes() error {
	if len(o.ExtraSubtypes) == 0 {
		return nil
	}
	o.Profile.words.subtypes = maps.Clone(o.Profile.words.subtypes)
	for _, line := range o.ExtraSubtypes {
		if err := o.addSubtype(line); err != nil {
			return err
		}
	}
	return nil
}

// addSubtype adds a subtype given as "type,name,hex value".
func (o *Options) addSubtype(line string) error {
	fields := strings.Split(line, ",")
	for i, f := range fields {
		fields[i] = strip(f)
	}
	if len(fields) < 3 {
		return &ExceptionError{"IndexError", "list index out of range"}
	}
	value, err := hexInteger(fields[2])
	if errors.Is(err, errNotNumber) {
		return &ExceptionError{"ValueError", "invalid literal for int() with base 16: '" + fields[2] + "'"}
	}
	if err != nil {
		return err
	}
	return o.addWord(fields[0], keyword{fields[1], value})
}

func (o *Options) addWord(typeName string, w keyword) error {
	words := o.Profile.words
	typ, known := words.types.value(typeName)
	for t, subtypes := range words.subtypes {
		if _, taken := subtypes.word(w.value); !taken {
			continue
		}
		if !known {
			return inputErrorf("Error parsing custom subtypes: Invalid partition type")
		}
		if t == typ {
			return &ExceptionError{"ValueError", "Found duplicate value in partition subtype"}
		}
	}
	if !known {
		return &ExceptionError{"KeyError", "'" + typeName + "'"}
	}
	words.subtypes[typ] = append(slices.Clone(words.subtypes[typ]), w)
	return nil
}
