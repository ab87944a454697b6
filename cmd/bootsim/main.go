// Command bootsim tells before shipping whether ESP32 images will boot: on
// every device of every hardware lot, offline, with the cause and the remedy
// where they would not.
package main

import (
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/afero"
	"golang.org/x/term"
)

func main() {
	a := &app{
		fs: afero.NewOsFs(), stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr,
		getenv: os.Getenv, terminal: isTerminal, width: terminalWidth,
	}
	os.Exit(a.called(os.Args))
}

// called carries out a whole command line, whose first word may be a link that
// has a tool's name.
func (a *app) called(argv []string) (code int) {
	if t, ok := toolNamed(argv[0]); ok {
		defer a.internalError(&code)
		return a.runTool(t, filepath.Base(argv[0]), argv[1:])
	}
	return a.run(argv[1:])
}

// app is the command with its surroundings, all of which tests replace.
type app struct {
	fs             afero.Fs
	stdin          io.Reader
	stdout, stderr io.Writer
	getenv         func(string) string
	terminal       func(io.Writer) bool
	width          func(io.Writer) int
	now            func() time.Time // of progress lines; nil is the clock
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// terminalWidth is 0, no wrapping, for what is no terminal.
func terminalWidth(w io.Writer) int {
	f, ok := w.(*os.File)
	if !ok {
		return 0
	}
	width, _, err := term.GetSize(int(f.Fd()))
	if err != nil {
		return 0
	}
	return width
}
