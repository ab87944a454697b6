// Package genpart is gen_esp32part, ESP-IDF's converter of partition tables, as
// a command of bootsim. What it makes of its input is package parttable's work;
// the command line, exit codes and texts are those of gen_esp32part.py of
// v5.5.5, and with --idf of any release from v3.1 on.
package genpart

import (
	"errors"
	"fmt"
	"path/filepath"

	"github.com/spf13/afero"

	"github.com/bootsim/bootsim/bootsim/tool/argparse"
	"github.com/bootsim/bootsim/bootsim/tool/cli"
	"github.com/bootsim/bootsim/flashmodel/parttable"
)

// maxInput bounds the input, in bytes. A binary table has 3 KiB.
const maxInput = 4 << 20

// Run carries out a command line and returns the exit code: 0, 1 where the
// reference ends with a Python traceback, 2 for refused input and usage errors.
func Run(env cli.Env, args []string) int {
	err := run(env, args)
	var usage *argparse.UsageError
	switch {
	case err == nil:
		return parttable.ExitOK
	case errors.As(err, &usage):
		usage.Print(env.Stderr)
		return parttable.ExitInput
	}
	_, _ = fmt.Fprintln(env.Stderr, err)
	return parttable.ExitCode(err)
}

func run(env cli.Env, args []string) error {
	profile, err := profileFor(env, args)
	if err != nil {
		return err
	}
	p := parser(env.Prog, profile)
	var input []byte
	p.Args[0].Convert = func(name string) (err error) {
		input, err = read(env, name)
		return err
	}
	v, err := p.Parse(args)
	if err != nil {
		return err
	}
	if v.Help {
		p.PrintHelp(env.Stdout, v)
		return nil
	}
	o, err := convertOptions(env, v, profile)
	if err != nil {
		return err
	}
	out, err := parttable.Convert(input, o)
	if err != nil {
		return explained(err)
	}
	return write(env, v.Args["input"], v.Args["output"], out.Data)
}

// read opens the input as the reference does while it reads its arguments.
func read(env cli.Env, name string) ([]byte, error) {
	b, err := env.ReadInput(name, maxInput)
	if err != nil {
		return nil, fmt.Errorf("can't open '%s': %s: '%s'", name, cli.Errno(err), name)
	}
	if len(b) > maxInput {
		return nil, fmt.Errorf("'%s' is larger than 4 MB: a partition table takes up 3 KB", name)
	}
	return b, nil
}

// write puts the result where it is wanted, making folders on the way.
func write(env cli.Env, input, output string, data []byte) error {
	if output == "" || output == "-" {
		_, err := env.Stdout.Write(data)
		return err
	}
	if env.SameFile(input, output) {
		return &parttable.InputError{Text: fmt.Sprintf(
			"%s is the input: name another file for the output, so that the input stays", output)}
	}
	folder := filepath.Dir(output)
	if exists, _ := afero.DirExists(env.FS, folder); !exists {
		if err := env.FS.MkdirAll(folder, 0o755); err != nil {
			return failure(err, folder)
		}
	}
	if err := afero.WriteFile(env.FS, output, data, 0o644); err != nil {
		return failure(err, output)
	}
	return nil
}
