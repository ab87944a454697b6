// Package script reads the command lines of a provisioning procedure out of a
// text: a shell script, or a page on which somebody describes what he types. It
// knows which programs matter to a device and which do not, and never drops a
// line without saying so.
//
// It is no shell. Quotes, continued lines, variables that the text itself sets,
// cd, && and ; are followed; loops, conditions and programs that are not known
// are told as not modelled.
package script

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Script is what a text tells to do.
type Script struct {
	Commands []Command // in their order
	// Passed are lines that change neither the device nor a file that matters:
	// comments, builds, prose.
	Passed []Remark
	// Unmodelled are lines that may change something and cannot be followed.
	Unmodelled []Remark
}

// Command is one program call that is followed.
type Command struct {
	Line int    // of its first word, from 1
	Text string // the call in one line, variables filled in
	Dir  string // where it runs, relative to the script; "" there
	// Tool is espsecure, espefuse, esptool, gen_esp32part, parttool or otatool,
	// or one of the file operations cp, mv, rm, mkdir, cat, append (cat >>) and fill.
	Tool    string
	Args    []string
	Input   string // what it reads on standard input
	NoInput bool   // standard input is empty: /dev/null
	MayFail bool   // "|| true": what follows runs all the same
	Note    string // what the call leaves to be understood; often empty
}

// Remark is a line that is no command, and why.
type Remark struct {
	Line int
	Text string
	Why  string
}

// Error tells that a text is no script.
type Error struct{ Reason string }

func (e *Error) Error() string { return e.Reason }

// Limits of what is read.
const (
	maxText     = 1 << 20
	maxCommands = 500
)

// Parse reads a text. Errors: *Error.
func Parse(text string) (*Script, error) { return parse(text, strictForm.MatchString(text)) }

func parse(text string, strict bool) (*Script, error) {
	switch {
	case len(text) > maxText:
		return nil, &Error{fmt.Sprintf("a text of %d bytes: at most %d are read", len(text), maxText)}
	case !utf8.ValidString(text) || strings.ContainsRune(text, 0):
		return nil, &Error{"this is no text: give a YAML plan or a file of command lines"}
	}
	r := newReader(text, strict)
	for r.more() {
		r.statement()
	}
	if len(r.out.Commands) > maxCommands {
		return nil, &Error{fmt.Sprintf("%d commands: at most %d are followed", len(r.out.Commands), maxCommands)}
	}
	return &r.out, nil
}

// ParseCommands reads a text in which every line is a command.
func ParseCommands(text string) (*Script, error) { return parse(text, true) }
