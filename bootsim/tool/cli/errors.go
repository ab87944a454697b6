package cli

import (
	"errors"
	"fmt"
)

// Exit codes of the reference tools.
const (
	ExitOK     = 0
	ExitFailed = 1 // the run was broken off; the reference tools show a Python traceback here
	ExitFatal  = 2 // a fatal error, or a command line that cannot be understood
)

// FatalError ends a run with a message. Keys have no place in it.
type FatalError struct {
	Message string
	Code    int // exit code; 0 stands for ExitFatal
}

// Error returns the message.
func (e *FatalError) Error() string { return e.Message }

// Fatalf makes an error that ends the run with ExitFatal.
func Fatalf(format string, args ...any) error {
	return &FatalError{Message: fmt.Sprintf(format, args...)}
}

// Brokenf makes an error that ends the run with ExitFailed: for input on which
// the reference tools stop with a traceback.
func Brokenf(format string, args ...any) error {
	return &FatalError{Message: fmt.Sprintf(format, args...), Code: ExitFailed}
}

// UsageError tells that the command line cannot be understood.
type UsageError struct {
	Prog    string // the tool and command that complain
	Usage   string // what follows them in the usage line
	Message string
}

// Error returns the message.
func (e *UsageError) Error() string { return e.Message }

// ExitError ends a run about which everything has been said.
type ExitError struct{ Code int }

// Error names the exit code.
func (e *ExitError) Error() string { return fmt.Sprintf("exit code %d", e.Code) }

// AbortError tells that standard input ended where an answer was needed.
type AbortError struct{}

// Error says so.
func (*AbortError) Error() string { return "standard input ended before an answer" }

// Report writes what there is to say about the end of a run and returns its
// exit code. nil is success.
func (e Env) Report(err error) int {
	var (
		fatal *FatalError
		usage *UsageError
		exit  *ExitError
		abort *AbortError
	)
	switch {
	case err == nil:
		return ExitOK
	case errors.As(err, &exit):
		return exit.Code
	case errors.As(err, &abort):
		_, _ = fmt.Fprintln(e.Stderr)
		e.Print("Aborted.")
		return ExitFailed
	case errors.As(err, &usage):
		_, _ = fmt.Fprintf(e.Stderr, "%s\n\nTry '%s -h' for help.\n\nError: %s\n",
			e.usageLine(usage.Prog, usage.Usage), e.CalledAs(usage.Prog), usage.Message)
		return ExitFatal
	case errors.As(err, &fatal) && fatal.Code != 0:
		e.fatal(err)
		return fatal.Code
	}
	e.fatal(err)
	return ExitFatal
}

func (e Env) fatal(err error) {
	_, _ = fmt.Fprintf(e.Stderr, "\nA fatal error occurred: %s\n", err)
}
