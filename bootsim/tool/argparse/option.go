package argparse

import (
	"strings"

	"github.com/bootsim/bootsim/bootsim/tool/cli"
)

// option reads an option and its values. One that is not known counts as
// surplus, and what follows it as positional.
func (s *state) option(word string) error {
	o, value, attached, err := s.find(word)
	if err != nil {
		return err
	}
	if o == nil {
		s.surplus = append(s.surplus, word)
		return nil
	}
	if o.Name == "help" {
		s.values.Help = true
		return nil
	}
	values := []string{value}
	if !attached {
		values = s.collect(o.Count)
	}
	if err := s.checkCount(o, values, attached); err != nil {
		return err
	}
	return s.store(o, values)
}

// find returns the option that a word names, and the value attached to it.
func (s *state) find(word string) (o *Option, value string, attached bool, err error) {
	if strings.HasPrefix(word, "--") {
		name, value, attached := strings.Cut(word[2:], "=")
		o, err := s.long(name)
		return o, value, attached, err
	}
	o = s.short(word[1:2])
	value = word[2:]
	if o != nil && (o.Count == None) && value != "" {
		s.rest = append([]string{"-" + value}, s.rest...)
		value = ""
	}
	return o, strings.TrimPrefix(value, "="), value != "", nil
}

func (s *state) all() []Option {
	return append([]Option{{Name: "help", Short: "h"}}, s.options...)
}

func (s *state) short(letter string) *Option {
	for _, o := range s.all() {
		if o.Short == letter {
			return &o
		}
	}
	return nil
}

// long finds an option by its name or a start of it that no other has.
func (s *state) long(name string) (*Option, error) {
	var found []*Option
	for _, o := range s.all() {
		if o.Name == hyphened(name) {
			return &o, nil
		}
		if strings.HasPrefix(o.Name, hyphened(name)) && name != "" {
			found = append(found, &o)
		}
	}
	switch len(found) {
	case 0:
		return nil, nil
	case 1:
		return found[0], nil
	}
	names := make([]string, len(found))
	for i, o := range found {
		names[i] = "--" + o.Name
	}
	return nil, s.fail("ambiguous option: --%s could match %s", name, strings.Join(names, ", "))
}

// collect takes the values that follow an option, as many as it can have.
func (s *state) collect(c Count) (values []string) {
	most := map[Count]int{None: 0, One: 1, Maybe: 1, Any: len(s.rest), Some: len(s.rest)}[c]
	for len(values) < most && len(s.rest) > 0 && !isOption(s.rest[0]) {
		values = append(values, s.rest[0])
		s.rest = s.rest[1:]
	}
	return values
}

func (s *state) checkCount(o *Option, values []string, attached bool) error {
	switch {
	case o.Count == None && attached:
		return s.fail("argument %s: ignored explicit argument '%s'", o.names(), values[0])
	case o.Count == One && len(values) == 0:
		return s.fail("argument %s: expected one argument", o.names())
	case o.Count == Some && len(values) == 0:
		return s.fail("argument %s: expected at least one argument", o.names())
	}
	return nil
}

// store keeps values if they are numbers or choices where the option wants
// such, and if no other option excludes it.
func (s *state) store(o *Option, values []string) error {
	for _, v := range values {
		if _, ok := cli.ParseDecimal(v); o.Int && !ok {
			return s.fail("argument %s: invalid int value: '%s'", o.names(), v)
		}
		if err := s.choice(o, v); err != nil {
			return err
		}
	}
	if other := s.groups[o.Group]; o.Group != "" && other != nil && other.Name != o.Name {
		return s.fail("argument %s: not allowed with argument %s", o.names(), other.names())
	}
	if o.Count == Maybe && len(values) == 0 && o.Const != "" {
		values = []string{o.Const}
	}
	s.groups[o.Group] = o
	s.values.given[o.Name] = true
	s.values.lists[o.Name] = values
	return nil
}
