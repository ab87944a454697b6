package main

import (
	"fmt"
	"path/filepath"

	"github.com/spf13/afero"

	"github.com/bootsim/bootsim/bootsim/fuzz"
	"github.com/bootsim/bootsim/bootsim/input"
)

func (a *app) corpus(file string) ([]fuzz.Kept, error) {
	if file == "" {
		return nil, nil
	}
	r, err := a.fuzzResult(file)
	if err != nil {
		return nil, err
	}
	return r.Corpus, nil
}

func (a *app) fuzzResult(file string) (*fuzz.Result, error) {
	b, err := input.ReadFile(a.fs, file)
	if err != nil {
		return nil, err
	}
	r, err := fuzz.ParseResult(b)
	if err != nil {
		return nil, &input.FileError{File: file, Offset: -1, Reason: err.Error(), Err: err}
	}
	return r, nil
}

// fuzzed reports a result and writes it. again is what a replay has to be told
// besides the token: images, keys and device. The report comes even where the file
// cannot be written, since a campaign may have taken hours.
func (a *app) fuzzed(r *fuzz.Result, output, again string) error {
	err := a.keep(r.JSON(), output)
	fmt.Fprintln(a.stdout, r.Summary())
	for _, f := range r.Failures {
		line := "bootsim replay '" + f.Token + "'"
		if again != "" {
			line += " " + again
		}
		fmt.Fprintf(a.stdout, "\n%s: %s\n  first in run %d, in %d runs; shrunk to %s\n  %s\n", f.Oracle, f.Message, f.Run, f.Runs, f.Case.Mutation, line)
	}
	if err == nil && len(r.Failures) > 0 {
		return errFindings
	}
	return err
}

// replacesResult refuses an output that is an input, or a file that is no result: it
// is asked before a campaign, not after.
func (a *app) replacesResult(output string, inputs map[string]bool) error {
	if output == "" {
		return nil
	}
	if inputs[cleaned(output)] {
		return usagef("--output %s: that is an input; choose another name", output)
	}
	size, err := a.present("--output", output)
	if err != nil || size == 0 {
		return err
	}
	if _, err := a.fuzzResult(output); err != nil {
		return usagef("--output %s: the file exists and is no result of `bootsim fuzz`; remove it or choose another name", output)
	}
	return nil
}

// keep writes a result, and the folder that it is to be in.
func (a *app) keep(raw []byte, output string) error {
	if output == "" {
		return nil
	}
	if dir := filepath.Dir(output); dir != "." {
		if err := a.fs.MkdirAll(dir, 0o755); err != nil {
			return err
		}
	}
	return afero.WriteFile(a.fs, output, raw, 0o644)
}
