// Package argparse is the command line of those of Espressif's scripts that read
// theirs with Python's argparse: gen_esp32part, parttool and otatool. What is
// accepted, the exit code and the texts behind "error: " are argparse's, of
// Python 3.11. Underscore and hyphen are equal in names of options and
// operations.
package argparse

import "strings"

// Count is how many values an option takes.
type Count uint8

// The counts, with argparse's name for them.
const (
	None  Count = iota // a flag: action "store_true"
	One                // no nargs
	Maybe              // nargs "?"
	Any                // nargs "*"
	Some               // nargs "+"
)

// Option is an option of a parser or of an operation.
type Option struct {
	Name     string // long name without the dashes
	Short    string // its letter, "" for none
	Count    Count
	Metavar  string   // what help calls a value; the name in capitals if empty
	Choices  []string // nil for any value
	Default  string   // value when the option has none
	Const    string   // with Maybe: value of the option when it stands alone
	Int      bool     // values are decimal numbers
	Required bool
	// Group makes options of the same group exclude each other.
	Group string
	Help  string
}

// Arg is a positional argument. Those that are optional come last.
type Arg struct {
	Name     string
	Optional bool
	Help     string
	// Convert is called when the argument is met, if it is not nil. Its error
	// ends the parse as a *UsageError about the argument.
	Convert func(value string) error
}

// Operation is a command below the parser.
type Operation struct {
	Name    string // with underscores
	Options []Option
	Help    string
}

// Parser describes a command line.
type Parser struct {
	Prog       string // how the user calls the tool
	About      string // paragraphs for the help page
	Options    []Option
	Args       []Arg
	Operations []Operation // at most one is named, after the parser's options
}

// names returns an option as argparse's messages call it.
func (o *Option) names() string {
	if o.Short == "" {
		return "--" + o.Name
	}
	return "--" + o.Name + "/-" + o.Short
}

func (o *Option) metavar() string {
	switch {
	case o.Metavar != "":
		return o.Metavar
	case o.Choices != nil:
		return "{" + strings.Join(o.Choices, ",") + "}"
	}
	return strings.ToUpper(strings.ReplaceAll(o.Name, "-", "_"))
}

// operation finds an operation by either spelling.
func (p *Parser) operation(name string) *Operation {
	for i := range p.Operations {
		if hyphened(p.Operations[i].Name) == hyphened(name) {
			return &p.Operations[i]
		}
	}
	return nil
}

func (p *Parser) operationNames() []string {
	names := make([]string, len(p.Operations))
	for i := range p.Operations {
		names[i] = p.Operations[i].Name
	}
	return names
}

func hyphened(name string) string { return strings.ReplaceAll(name, "_", "-") }
