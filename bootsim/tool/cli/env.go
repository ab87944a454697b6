// Package cli is the command line that the stand-ins for Espressif's tools
// share: what they see of the world, how arguments are read and how runs end.
//
// Both generations of the tools are served. v4 spells commands and choices with
// an underscore (burn_efuse) and takes any unambiguous start of a long option;
// v5 spells them with a hyphen. Here underscore and hyphen are equal everywhere,
// and options of the tool may also follow a command, as v4 lets them.
package cli

import (
	"crypto/rand"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/afero"

	"github.com/bootsim/bootsim/emu"
)

// Env is what a tool sees of the world.
type Env struct {
	FS     afero.Fs
	Stdin  io.Reader
	Stdout io.Writer
	Stderr io.Writer
	// Prog is what usage lines call the tool: "espefuse.py".
	Prog string
	// Called is how the user calls the tool where that is not Prog: under
	// "bootsim espefuse" the usage lines are those of "python -m espefuse". "" for
	// Prog.
	Called string
	// Getenv looks up an environment variable; nil when there are none.
	Getenv func(string) string
	// Device is the chip at the other end of the wire. When it is nil, the tools
	// work on the files that their options name.
	Device *emu.Device
	// Random is where new keys and padding come from; nil for the system's source.
	Random io.Reader
}

// Fill fills b with random bytes.
func (e Env) Fill(b []byte) error {
	_, err := io.ReadFull(e.Source(), b)
	return err
}

// Source is where random bytes come from.
func (e Env) Source() io.Reader {
	if e.Random == nil {
		return rand.Reader
	}
	return e.Random
}

// CalledAs is what the user types for prog, which is Prog or Prog and a command.
func (e Env) CalledAs(prog string) string {
	if rest, ok := strings.CutPrefix(prog, e.Prog); ok && e.Called != "" {
		return e.Called + rest
	}
	return prog
}

// usageLine is the first line of a help page or usage error. A second one tells
// how the program is called here, if the first does not.
func (e Env) usageLine(prog, rest string) string {
	line := "Usage: " + prog + rest
	if here := e.CalledAs(prog); here != prog {
		line += "\n       (here: " + here + ")"
	}
	return line
}

// Print writes to standard output, with blanks between the operands and a line
// feed after them. A reader that went away is no error.
func (e Env) Print(args ...any) { _, _ = fmt.Fprintln(e.Stdout, args...) }

// Printf writes to standard output.
func (e Env) Printf(format string, args ...any) { _, _ = fmt.Fprintf(e.Stdout, format, args...) }

// Warn writes a warning to standard output, where the tools of v5 put it.
func (e Env) Warn(format string, args ...any) {
	e.Print("Warning: " + fmt.Sprintf(format, args...))
}

// variable returns an environment variable, "" when it is not set.
func (e Env) variable(name string) string {
	if e.Getenv == nil || name == "" {
		return ""
	}
	return e.Getenv(name)
}
