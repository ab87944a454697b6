package config

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// maxErrors bounds how many mistakes one Load tells of.
const maxErrors = 20

// Error is one mistake in a configuration.
type Error struct {
	File         string // the configuration, as the user named it
	Line, Column int    // from 1; column 0: not known
	Message      string // what is wrong and what to do
}

// Error starts with file:line:column, which editors can jump to.
func (e *Error) Error() string {
	if e.Column == 0 {
		return fmt.Sprintf("%s:%d: %s", e.File, e.Line, e.Message)
	}
	return fmt.Sprintf("%s:%d:%d: %s", e.File, e.Line, e.Column, e.Message)
}

// Errors is every mistake that one Load found, by line.
type Errors struct {
	List    []*Error // at most 20
	Omitted int      // how many more there are at least
}

// Error is one line a mistake.
func (e *Errors) Error() string {
	var lines []string
	for _, one := range e.List {
		lines = append(lines, one.Error())
	}
	if e.Omitted > 0 {
		lines = append(lines, fmt.Sprintf("and at least %d more", e.Omitted))
	}
	return strings.Join(lines, "\n")
}

// Unwrap gives errors.As the single mistakes.
func (e *Errors) Unwrap() []error {
	out := make([]error, len(e.List))
	for i, one := range e.List {
		out[i] = one
	}
	return out
}

// FileError tells that the configuration itself could not be read.
type FileError struct {
	File string
	Err  error
}

func (e *FileError) Error() string {
	return fmt.Sprintf("cannot read the configuration %s: %v", e.File, e.Err)
}

// Unwrap returns the cause, for errors.Is with fs.ErrNotExist.
func (e *FileError) Unwrap() error { return e.Err }

// errorList collects mistakes. Only as many are kept as could be shown.
type errorList struct {
	file    string
	list    []*Error
	omitted int
}

func (l *errorList) add(at *yaml.Node, format string, args ...any) {
	l.addAt(max(at.Line, 1), at.Column, fmt.Sprintf(format, args...))
}

func (l *errorList) addAt(line, column int, message string) {
	if l.full() {
		l.omitted++
		return
	}
	l.list = append(l.list, &Error{File: l.file, Line: line, Column: column, Message: message})
}

// take adds the mistakes of another configuration.
func (l *errorList) take(o *errorList) {
	n := min(len(o.list), maxErrors-len(l.list))
	l.list = append(l.list, o.list[:n]...)
	l.omitted += o.omitted + len(o.list) - n
}

// full tells that no further mistake can be shown.
func (l *errorList) full() bool { return len(l.list) == maxErrors }

// result is nil or *Errors.
func (l *errorList) result() error {
	if len(l.list) == 0 {
		return nil
	}
	slices.SortStableFunc(l.list, func(a, b *Error) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return &Errors{List: l.list, Omitted: l.omitted}
}
