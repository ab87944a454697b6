// Package otatool is otatool, ESP-IDF's tool for OTA slots, as a command of
// bootsim that works on a simulated chip. It follows otatool.py of v5.5.5. What
// becomes of otadata is package otadata's work.
package otatool

import (
	"errors"

	"github.com/bootsim/bootsim/bootsim/tool/argparse"
	"github.com/bootsim/bootsim/bootsim/tool/cli"
	"github.com/bootsim/bootsim/bootsim/tool/parttool"
	"github.com/bootsim/bootsim/flashmodel/otadata"
	"github.com/bootsim/bootsim/flashmodel/parttable"
)

// Run carries out a command line and returns the exit code: 0, 1 where the
// reference ends with a Python traceback or no operation is named, 2 for a
// command line that is refused and for operations that fail with --quiet.
func Run(env cli.Env, args []string) int {
	p := parser(env.Prog)
	v, err := p.Parse(args)
	var usage *argparse.UsageError
	switch {
	case errors.As(err, &usage):
		usage.Print(env.Stderr)
		return cli.ExitFatal
	case v.Help:
		p.PrintHelp(env.Stdout, v)
		return cli.ExitOK
	case v.Operation == "":
		if !v.Flag("quiet") {
			p.PrintHelp(env.Stdout, v)
		}
		return cli.ExitFailed
	}
	t := &tool{env: env, values: v}
	if err := t.open(); err != nil {
		return parttool.Crash(env, err)
	}
	switch err := t.operate(); {
	case err == nil:
		return cli.ExitOK
	case v.Flag("quiet"):
		return cli.ExitFatal
	default:
		return parttool.Crash(env, err)
	}
}

// tool is one run.
type tool struct {
	env     cli.Env
	values  *argparse.Values
	target  *parttool.Target
	rules   otadata.Tool
	data    parttable.Part // the otadata partition
	content []byte         // of it
}

// open reads the partition table and otadata, which every operation does.
func (t *tool) open() error {
	v := t.values
	src, err := parttool.SourceOf(v)
	if err != nil {
		return err
	}
	if err := t.setRules(); err != nil {
		return err
	}
	if t.target, err = parttool.Open(parttool.NewFlasher(parttool.Flasher{Env: t.env}, v), src); err != nil {
		return err
	}
	if t.data, err = t.target.Find(parttool.Selection{Type: "data", Subtype: "ota"}); err != nil {
		return err
	}
	t.content, err = t.target.Read(t.data)
	return err
}

// setRules reads the options that change what otadata means.
func (t *tool) setRules() error {
	if text := t.values.Text("spi-flash-sec-size"); text != "" {
		n, ok := cli.ParseInt(text)
		if !ok || n.Sign() <= 0 || n.BitLen() > 24 {
			return parttool.Exceptionf("ValueError", "--spi-flash-sec-size %s: want the distance of the entries times two, 0x2000 on every ESP32", text)
		}
		t.rules.Span = int(n.Int64())
	}
	if text := t.values.Text("idf"); text != "" {
		v, err := parttable.ParseVersion(text)
		if err != nil {
			return err
		}
		t.rules.Alternate = v.Major >= 6
	}
	return nil
}
