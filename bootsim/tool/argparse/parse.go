package argparse

import (
	"errors"
	"regexp"
	"slices"
	"strings"
)

// Parse takes a command line apart. The error is a *UsageError.
func (p *Parser) Parse(args []string) (*Values, error) {
	s := &state{parser: p, rest: args, options: p.Options, groups: map[string]*Option{},
		values: &Values{Args: map[string]string{}, lists: map[string][]string{}, given: map[string]bool{}}}
	s.defaults()
	if err := s.words(); err != nil || s.values.Help {
		return s.values, err
	}
	return s.values, s.finish()
}

// state walks over the words of a command line.
type state struct {
	parser    *Parser
	operation *Operation // nil before it is named
	options   []Option   // of the parser, or of the operation
	groups    map[string]*Option
	values    *Values
	rest      []string
	literal   bool // behind "--": no more options
	args      int  // positional arguments taken
	surplus   []string
}

func (s *state) defaults() {
	for i := range s.options {
		if o := &s.options[i]; o.Default != "" {
			s.values.lists[o.Name] = []string{o.Default}
		}
	}
}

func (s *state) words() error {
	for len(s.rest) > 0 && !s.values.Help {
		word := s.rest[0]
		s.rest = s.rest[1:]
		var err error
		switch {
		case !s.literal && word == "--":
			s.literal = true
		case !s.literal && isOption(word):
			err = s.option(word)
		default:
			err = s.positional(word)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// isOption tells what argparse takes for an option: negative numbers and words
// with a blank are values.
func isOption(word string) bool {
	return len(word) > 1 && word[0] == '-' && !negative(word) && !strings.Contains(word, " ")
}

func negative(word string) bool {
	ok, _ := regexp.MatchString(`^-\d+$|^-\d*\.\d+$`, word)
	return ok
}

func (s *state) positional(word string) error {
	switch {
	case s.args < len(s.parser.Args):
		a := s.parser.Args[s.args]
		s.args++
		s.values.Args[a.Name] = word
		return s.convert(a, word)
	case s.operation == nil && s.parser.Operations != nil:
		return s.enter(word)
	}
	s.surplus = append(s.surplus, word)
	return nil
}

func (s *state) convert(a Arg, word string) error {
	if a.Convert == nil {
		return nil
	}
	err := a.Convert(word)
	var usage *UsageError
	if err == nil || errors.As(err, &usage) {
		return err
	}
	return s.parser.Argumentf(a.Name, "%v", err)
}

// enter begins an operation.
func (s *state) enter(word string) error {
	if s.operation = s.parser.operation(word); s.operation == nil {
		return s.fail("argument operation: invalid choice: '%s' (choose from %s)", word, quoted(s.parser.operationNames()))
	}
	s.values.Operation = s.operation.Name
	if err := s.missing(); err != nil {
		return err
	}
	s.options = s.operation.Options
	s.defaults()
	return nil
}

// finish looks for what is missing and what is too much.
func (s *state) finish() error {
	if err := s.missing(); err != nil {
		return err
	}
	if len(s.surplus) > 0 {
		return s.parser.misused(nil, "unrecognized arguments: %s", strings.Join(s.surplus, " "))
	}
	return nil
}

func (s *state) missing() error {
	var names []string
	for i := range s.options {
		if o := &s.options[i]; o.Required && !s.values.given[o.Name] {
			names = append(names, o.names())
		}
	}
	for _, a := range s.parser.Args[s.args:] {
		if !a.Optional {
			names = append(names, a.Name)
		}
	}
	if names == nil {
		return nil
	}
	return s.fail("the following arguments are required: %s", strings.Join(names, ", "))
}

// fail makes an error of the operation at hand, or of the parser.
func (s *state) fail(format string, args ...any) error {
	return s.parser.misused(s.operation, format, args...)
}

func (s *state) choice(o *Option, value string) error {
	if o.Choices != nil && !slices.Contains(o.Choices, value) {
		return s.fail("argument %s: invalid choice: '%s' (choose from %s)", o.names(), value, quoted(o.Choices))
	}
	return nil
}
