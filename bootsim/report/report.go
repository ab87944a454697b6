// Package report writes a bootsim.Report for people and for the machines that
// read reports: text, json, junit, sarif, github and gitlab.
//
// The same report gives the same bytes: nothing is read from the clock, the
// host or the environment. Whatever a hostile file name brings along (control
// characters, invalid UTF-8, newlines, markup) is shown as visible escapes.
package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/bootsim/rules"
)

// Writer writes one report in one format.
type Writer interface {
	Write(w io.Writer, r *bootsim.Report) error
}

// Options tells a writer what it cannot know of itself.
type Options struct {
	// Rules give SARIF its rule descriptions and help texts; the other formats do not need them.
	Rules []rules.Rule
	// Colour makes text use ANSI colours. The caller decides: a terminal, and NO_COLOR not set.
	Colour bool
	// Width is the column at which text wraps prose; 0 does not wrap. Evidence is never wrapped.
	Width int
	// Console makes text print the console log of every scenario that did not pass.
	Console bool
}

// FormatError is returned by For for a format that does not exist.
type FormatError struct{ Format string }

// Error names the formats that do exist.
func (e *FormatError) Error() string {
	return fmt.Sprintf("unknown report format %q: use one of %s", e.Format, strings.Join(Formats(), ", "))
}

// Formats returns the names that For knows, in the order in which help shows them.
func Formats() []string {
	return []string{"text", "json", "junit", "sarif", "github", "gitlab"}
}

// For returns the writer of a format. An unknown one is a *FormatError.
func For(format string, opt Options) (Writer, error) {
	switch format {
	case "text":
		return textWriter{opt}, nil
	case "json":
		return jsonWriter{}, nil
	case "junit":
		return junitWriter{}, nil
	case "sarif":
		return sarifWriter{opt.Rules}, nil
	case "github":
		return githubWriter{}, nil
	case "gitlab":
		return gitlabWriter{}, nil
	}
	return nil, &FormatError{Format: format}
}
