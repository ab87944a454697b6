package main

import (
	"fmt"
	"path"
	"path/filepath"

	"github.com/spf13/pflag"

	"github.com/bootsim/bootsim/bootsim/fuzz"
	"github.com/bootsim/bootsim/fixtures/oracle"
)

const fuzzMergeAbout = `Joins the results that the shards of one campaign wrote. With all shards the outcome
is, byte for byte, that of the campaign run in one piece.`

func (a *app) fuzzMerge(args []string) error {
	var output string
	fs := pflag.NewFlagSet("fuzz merge FILE...", pflag.ContinueOnError)
	fs.StringVarP(&output, "output", "o", "", "write the joined result to a `FILE`")
	if more, err := a.parse(fs, args, fuzzMergeAbout); !more {
		return err
	}
	var parts []*fuzz.Result
	inputs := map[string]bool{}
	for _, file := range fs.Args() {
		r, err := a.fuzzResult(file)
		if err != nil {
			return err
		}
		parts = append(parts, r)
		inputs[cleaned(file)] = true
	}
	if err := a.replacesResult(output, inputs); err != nil {
		return err
	}
	r, err := fuzz.Merge(parts)
	if err != nil {
		return usagef("%v", err)
	}
	return a.fuzzed(r, output, "")
}

const fuzzReplayAbout = `Runs the mutation of a token once more on the images that its campaign ran on, and
shows the console, the findings, and what the judges say. Exits with 1 while a judge
says no.`

func (a *app) fuzzReplay(args []string) error {
	var dev deviceFlags
	var keys signingKeys
	var asJSON bool
	fs := pflag.NewFlagSet("fuzz replay TOKEN [PATH...]", pflag.ContinueOnError)
	fs.BoolVar(&asJSON, "json", false, "print the case as JSON instead: a file for fixtures/regress")
	keys.register(fs)
	dev.register(fs)
	if more, err := a.parse(fs, args, fuzzReplayAbout); !more {
		return err
	}
	if fs.NArg() == 0 {
		return usagef("fuzz replay: want a token, as `bootsim fuzz` prints it")
	}
	c, err := fuzz.ParseToken(fs.Arg(0))
	if err != nil {
		return usagef("%v", err)
	}
	if asJSON {
		_, err := a.stdout.Write(c.JSON())
		return err
	}
	_, subjects, err := a.subjects(fs.Args()[1:], &dev, &keys)
	if err != nil {
		return err
	}
	r, err := fuzz.Replay(c, subjects, oracle.Second{})
	if err != nil {
		return usagef("%v", err)
	}
	return a.replayed(r)
}

func (a *app) replayed(r *fuzz.Replayed) error {
	fmt.Fprintf(a.stdout, "mutation: %s\n", r.Case.JSON())
	for _, l := range r.Log {
		fmt.Fprintln(a.stdout, "  "+l)
	}
	for _, f := range r.Found {
		fmt.Fprintln(a.stdout, f)
	}
	if r.Failure == nil {
		fmt.Fprintln(a.stdout, "every judge is content")
		return nil
	}
	fmt.Fprintf(a.stdout, "%s: %s\n", r.Failure.Oracle, r.Failure.Message)
	return errFindings
}

// cleaned is a file name as inputs are remembered by.
func cleaned(name string) string { return path.Clean(filepath.ToSlash(name)) }
