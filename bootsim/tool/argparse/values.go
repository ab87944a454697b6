package argparse

import (
	"fmt"
	"io"
	"strings"
)

// Values is a command line that was understood.
type Values struct {
	Operation string // "" if none was named
	Help      bool   // a help page is asked for: of the operation, if there is one
	Args      map[string]string
	lists     map[string][]string
	given     map[string]bool
}

// Flag tells whether an option was given.
func (v *Values) Flag(name string) bool { return v.given[name] }

// Text returns the value of an option that takes at most one, else its default.
func (v *Values) Text(name string) string {
	if list := v.lists[name]; len(list) > 0 {
		return list[len(list)-1]
	}
	return ""
}

// List returns the values of an option that takes several.
func (v *Values) List(name string) []string { return v.lists[name] }

// UsageError is a command line that argparse refuses, with exit code 2.
type UsageError struct {
	Prog    string // the tool, and the operation if that complains
	Usage   string // usage lines without the word "usage: "
	Message string
}

// Error returns the message, as it stands behind "error: ".
func (e *UsageError) Error() string { return e.Message }

// Print writes the error as argparse does.
func (e *UsageError) Print(w io.Writer) {
	_, _ = fmt.Fprintf(w, "usage: %s\n%s: error: %s\n", e.Usage, e.Prog, e.Message)
}

// Argumentf makes the error of a positional argument's value.
func (p *Parser) Argumentf(name, format string, args ...any) error {
	return p.misused(nil, "argument %s: %s", name, fmt.Sprintf(format, args...))
}

// misused makes an error of the parser, or of one of its operations.
func (p *Parser) misused(o *Operation, format string, args ...any) error {
	e := &UsageError{Prog: p.Prog, Usage: p.usage(o), Message: fmt.Sprintf(format, args...)}
	if o != nil {
		e.Prog += " " + o.Name
	}
	return e
}

// quoted lists words as argparse's messages do: 'a', 'b'.
func quoted(words []string) string { return "'" + strings.Join(words, "', '") + "'" }
