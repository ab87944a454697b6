package argparse_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/bootsim/tool/argparse"
)

// sample has an option of every kind.
func sample() *argparse.Parser {
	return &argparse.Parser{Prog: "tool", About: "About it.", Options: []argparse.Option{
		{Name: "quiet", Short: "q", Help: "say nothing"},
		{Name: "offset", Short: "o", Count: argparse.One, Default: "0x8000"},
		{Name: "size", Count: argparse.Maybe, Const: "all", Choices: []string{"1MB", "2MB"}},
		{Name: "extra-types", Count: argparse.Any},
		{Name: "info", Count: argparse.Some, Choices: []string{"name", "size"}},
		{Name: "baud", Count: argparse.One, Int: true},
		{Name: "slot", Count: argparse.One, Int: true, Group: "which"},
		{Name: "name", Count: argparse.One, Group: "which"},
	}, Args: []argparse.Arg{{Name: "input"}, {Name: "output", Optional: true}}}
}

func withOperations() *argparse.Parser {
	return &argparse.Parser{Prog: "tool", Options: []argparse.Option{{Name: "port", Short: "p", Count: argparse.One}},
		Operations: []argparse.Operation{
			{Name: "read_data", Options: []argparse.Option{{Name: "output", Count: argparse.One, Required: true}}},
			{Name: "erase_data"}}}
}

// Messages are those of Python 3.11's argparse for the same parsers.
func TestRefused(t *testing.T) {
	for args, want := range map[string]string{
		"":                      "the following arguments are required: input",
		"in out more":           "unrecognized arguments: more",
		"in --bogus":            "unrecognized arguments: --bogus",
		"in out --bogus=1 x -z": "unrecognized arguments: --bogus=1 x -z",
		"in --offset":           "argument --offset/-o: expected one argument",
		"in -o":                 "argument --offset/-o: expected one argument",
		"in -o --quiet":         "argument --offset/-o: expected one argument",
		"in --info":             "argument --info: expected at least one argument",
		"in --info colour":      "argument --info: invalid choice: 'colour' (choose from 'name', 'size')",
		"--size in":             "argument --size: invalid choice: 'in' (choose from '1MB', '2MB')",
		"in --baud x":           "argument --baud: invalid int value: 'x'",
		"in --baud 0x10":        "argument --baud: invalid int value: '0x10'",
		"in --quiet=yes":        "argument --quiet/-q: ignored explicit argument 'yes'",
		"in --slot 1 --name a":  "argument --name: not allowed with argument --slot",
		"in --n a --slot 1":     "argument --slot: not allowed with argument --name",
		"in --s 1":              "ambiguous option: --s could match --size, --slot",
	} {
		_, err := sample().Parse(strings.Fields(args))
		var usage *argparse.UsageError
		require.ErrorAs(t, err, &usage, args)
		require.Equal(t, want, usage.Message, args)
		require.Equal(t, "tool", usage.Prog)
	}
}

func TestAccepted(t *testing.T) {
	for args, want := range map[string]string{
		"in":                                  "in  q=false o=0x8000 s= e=[] i=[]",
		"in out -q":                           "in out q=true o=0x8000 s= e=[] i=[]",
		"-qo9 in":                             "in  q=true o=9 s= e=[] i=[]",
		"-o=9 in --size":                      "in  q=false o=9 s=all e=[] i=[]",
		"in -q out --off 5":                   "in out q=true o=5 s= e=[] i=[]",
		"--extra_types a b -- in --out":       "in --out q=false o=0x8000 s= e=[a b] i=[]",
		"--extra-types a b in":                "",
		"in --extra-types":                    "in  q=false o=0x8000 s= e=[] i=[]",
		"--info size name --size=2MB in":      "",
		"--info=size in --size 1MB -o 1 -o 2": "in  q=false o=2 s=1MB e=[] i=[size]",
		"in --baud -5 --slot -1":              "in  q=false o=0x8000 s= e=[] i=[]",
		"- -5":                                "- -5 q=false o=0x8000 s= e=[] i=[]",
	} {
		v, err := sample().Parse(strings.Fields(args))
		if want == "" { // the option took the input, too, or wants another value
			if err == nil {
				require.Equal(t, "in", v.Args["input"], args)
			}
			continue
		}
		require.NoError(t, err, args)
		got := fmt.Sprintf("%s %s q=%t o=%s s=%s e=%v i=%v", v.Args["input"], v.Args["output"], v.Flag("quiet"),
			v.Text("offset"), v.Text("size"), v.List("extra-types"), v.List("info"))
		require.Equal(t, want, got, args)
	}
}

func TestOperations(t *testing.T) {
	v, err := withOperations().Parse([]string{"-p", "x", "read-data", "--output", "f"})
	require.NoError(t, err)
	require.Equal(t, "read_data", v.Operation)
	require.Equal(t, "f", v.Text("output"))
	for args, want := range map[string]string{
		"bogus":               "tool: argument operation: invalid choice: 'bogus' (choose from 'read_data', 'erase_data')",
		"read_data":           "tool read_data: the following arguments are required: --output",
		"erase_data x":        "tool: unrecognized arguments: x",
		"erase_data --port y": "tool: unrecognized arguments: --port y",
		"read_data --output":  "tool read_data: argument --output: expected one argument",
	} {
		_, err := withOperations().Parse(strings.Fields(args))
		var usage *argparse.UsageError
		require.ErrorAs(t, err, &usage, args)
		require.Equal(t, want, usage.Prog+": "+usage.Message)
		var out bytes.Buffer
		usage.Print(&out)
		require.Regexp(t, `^usage: tool[^\n]*(\n +[^\n]*)*\ntool( read_data)?: error: `, out.String())
	}
	v, err = withOperations().Parse(nil)
	require.NoError(t, err)
	require.Empty(t, v.Operation)
}

// An argument is looked at when it is met, before anything that comes after.
func TestConvert(t *testing.T) {
	p := sample()
	p.Args[0].Convert = func(name string) error { return fmt.Errorf("can't open '%s'", name) }
	_, err := p.Parse([]string{"in", "--baud", "x"})
	require.EqualError(t, err, "argument input: can't open 'in'")
}

func TestHelp(t *testing.T) {
	for _, p := range []*argparse.Parser{sample(), withOperations()} {
		v, err := p.Parse([]string{"--help"})
		require.NoError(t, err)
		require.True(t, v.Help)
		var out bytes.Buffer
		p.PrintHelp(&out, v)
		for _, o := range p.Options {
			require.Contains(t, out.String(), "--"+o.Name)
		}
		for line := range strings.Lines(out.String()) {
			require.LessOrEqual(t, len(line), 101)
		}
	}
	v, err := withOperations().Parse([]string{"read_data", "-h"})
	require.NoError(t, err)
	var out bytes.Buffer
	withOperations().PrintHelp(&out, v)
	require.Contains(t, out.String(), "usage: tool read_data [-h] --output OUTPUT\n")
}

// Any words end in values or in a usage error.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{"in\nout", "-qo\n5\nin", "--extra-types\na\n--\nin", "--=\n-", "-o=\n--s", "read_data\n--output=x", "-5\n-\n--"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, p := range []*argparse.Parser{sample(), withOperations()} {
			v, err := p.Parse(strings.Split(text, "\n"))
			var usage *argparse.UsageError
			if err != nil {
				require.ErrorAs(t, err, &usage)
				require.NotEmpty(t, usage.Message)
				continue
			}
			p.PrintHelp(&bytes.Buffer{}, v)
		}
	})
}
