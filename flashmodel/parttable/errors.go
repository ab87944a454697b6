package parttable

import (
	"errors"
	"fmt"
)

// Codes with which gen_esp32part exits.
const (
	ExitOK    = 0
	ExitCrash = 1 // ended by an exception it does not handle
	ExitInput = 2 // refused its input
)

// InputError is input that gen_esp32part refuses. Its text is the reference's.
type InputError struct{ Text string }

// Error returns the text.
func (e *InputError) Error() string { return e.Text }

// ExceptionError is input on which gen_esp32part ends with a Python traceback.
type ExceptionError struct {
	Exception string // its name, such as "struct.error"
	Text      string // its message
}

// Error returns the last line of the traceback.
func (e *ExceptionError) Error() string { return e.Exception + ": " + e.Text }

// LimitError is input beyond what this package takes in. The reference has no
// such limits, but makes no table of such input either.
type LimitError struct{ Text string }

// Error returns the text.
func (e *LimitError) Error() string { return "parttable: " + e.Text }

// ExitCode returns the code with which gen_esp32part exits after an error of
// this package.
func ExitCode(err error) int {
	var exception *ExceptionError
	switch {
	case err == nil:
		return ExitOK
	case errors.As(err, &exception):
		return ExitCrash
	}
	return ExitInput
}

func inputErrorf(format string, args ...any) error {
	return &InputError{fmt.Sprintf(format, args...)}
}

// invalid is the error about a single partition.
func invalid(p Part, format string, args ...any) error {
	return inputErrorf("Partition %s invalid: %s", p.Name, fmt.Sprintf(format, args...))
}
