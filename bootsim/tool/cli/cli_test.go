package cli_test

import (
	"bytes"
	"math/big"
	"strings"
	"testing"

	"github.com/spf13/afero"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/bootsim/bootsim/bootsim/tool/cli"
)

func tool() *cli.Tool {
	return &cli.Tool{
		Brief: "A tool.", Chain: true,
		Options: []cli.Option{
			{Name: "chip", Short: "c", Choices: []string{"auto", "esp32"}, Normal: strings.ToLower, Env: "CHIP", Default: "auto"},
			{Name: "do-not-confirm", Flag: true}, {Name: "debug", Short: "d", Flag: true},
			{Name: "postpone", Flag: true, Off: "no-postpone", Default: "on"},
		},
		Commands: []cli.Command{
			{Name: "burn-bit", Args: []cli.Arg{{Metavar: "BLOCK"}, {Metavar: "BIT...", Many: true}}, Options: []cli.Option{
				{Name: "force-write-always", Flag: true}, {Name: "force", Flag: true}, {Name: "offset", Short: "o"}, {Name: "off-by", Flag: true},
			}},
			{Name: "dump", Options: []cli.Option{{Name: "format", Choices: []string{"split", "joint"}, Default: "split"}}},
		},
	}
}

func env() cli.Env {
	return cli.Env{FS: afero.NewMemMapFs(), Stdin: strings.NewReader(""), Stdout: &bytes.Buffer{}, Stderr: &bytes.Buffer{}, Prog: "tool"}
}

func parse(t *testing.T, line string) *cli.Line {
	t.Helper()
	l, err := tool().Parse(env(), strings.Fields(line))
	require.NoError(t, err)
	for _, c := range l.Calls {
		require.NoError(t, c.Err)
	}
	return l
}

// All ways to write the same command line are one.
func TestSpellingsAreEqual(t *testing.T) {
	for _, line := range []string{
		"--do-not-confirm -c esp32 burn-bit --force-write-always -o 3 BLOCK1 1 2",
		"--do_not_confirm -cESP32 burn_bit BLOCK1 1 2 --force_write_always -o3",
		"--do-not --chip=ESP32 burn-bit BLOCK1 --force-w 1 --offset=3 2",
		"burn_bit BLOCK1 1 2 --do-not-confirm --force-write --offs 3 --chip esp32",
		"--no-postpone --postpone --chip esp32 --do-not-confirm burn-bit -o=3 --force-write-always -- BLOCK1 1 2",
	} {
		l := parse(t, line)
		require.Len(t, l.Calls, 1, line)
		c := l.Calls[0]
		require.True(t, l.Values.Flag("do-not-confirm"), line)
		require.True(t, l.Values.Flag("postpone"), line)
		require.Equal(t, "esp32", l.Values.Text("chip"), line)
		require.Equal(t, "burn-bit", c.Command.Name)
		require.True(t, c.Values.Flag("force-write-always"), line)
		require.False(t, c.Values.Flag("force"), line)
		require.Equal(t, "3", c.Values.Text("offset"), line)
		require.Equal(t, []string{"BLOCK1", "1", "2"}, c.Values.Args, line)
	}
}

func TestDefaultsAndEnvironment(t *testing.T) {
	l := parse(t, "dump")
	require.Equal(t, "auto", l.Values.Text("chip"))
	require.False(t, l.Values.Given("debug"))
	require.Equal(t, "split", l.Calls[0].Values.Text("format"))
	require.False(t, parse(t, "--no-postp dump").Values.Flag("postpone"))
	e := env()
	e.Getenv = func(name string) string { return map[string]string{"CHIP": "ESP32"}[name] }
	l, err := tool().Parse(e, []string{"dump"})
	require.NoError(t, err)
	require.Equal(t, "esp32", l.Values.Text("chip"))
	e.Getenv = func(string) string { return "esp8266" }
	_, err = tool().Parse(e, []string{"dump"})
	require.ErrorContains(t, err, "Invalid value for '--chip' / '-c': 'esp8266' is not one of 'auto', 'esp32'.")
}

// Commands follow each other; a word that is an option's value is none.
func TestChain(t *testing.T) {
	l := parse(t, "burn-bit BLOCK1 1 -o dump dump burn_bit BLOCK2 2")
	require.Len(t, l.Calls, 3)
	require.Equal(t, "dump", l.Calls[0].Values.Text("offset"))
	require.Equal(t, "burn_bit", l.Calls[2].Spelled)
	require.Equal(t, []string{"BLOCK2", "2"}, l.Calls[2].Values.Args)
}

// Mistakes are told with the words of the reference tools.
func TestMistakes(t *testing.T) {
	for line, want := range map[string]string{
		"--bogus dump":            "No such option: --bogus",
		"burn-bit BLOCK1 -1":      "No such option: -1",
		"dump --format":           "Option '--format' requires an argument.",
		"dump --format xml":       "Invalid value for '--format': 'xml' is not one of 'split', 'joint'.",
		"--debug=1 dump":          "Option '--debug' does not take a value.",
		"burn-bit BLOCK1":         "Missing argument 'BIT...'.",
		"dump extra":              "No such command 'extra'.",
		"extra dump":              "No such command 'extra'.",
		"burn-bit --off BLOCK1 1": "Option --off could be --offset or --off-by.",
		"burn-bit B 1 -dxo 3":     "No such option: -x",
	} {
		l, err := tool().Parse(env(), strings.Fields(line))
		if err == nil {
			err = l.Calls[len(l.Calls)-1].Err
		}
		var usage *cli.UsageError
		require.ErrorAs(t, err, &usage, line)
		require.Equal(t, want, usage.Message, line)
	}
}

func TestHelp(t *testing.T) {
	require.True(t, parse(t, "").Bare)
	require.True(t, parse(t, "nonsense").Bare)
	require.True(t, parse(t, "-h dump").Help)
	l := parse(t, "dump burn-bit -h dump")
	require.True(t, l.WantsHelp && l.Calls[1].Help && !l.Help)
	require.Len(t, l.Calls, 2)
	out := &bytes.Buffer{}
	e := env()
	e.Stdout = out
	tool().ShowHelp(e, nil)
	require.True(t, strings.HasPrefix(out.String(), "Usage: tool [OPTIONS] COMMAND1 [ARGS]... [COMMAND2 [ARGS]...]...\n"))
	for _, c := range tool().Commands {
		require.Contains(t, out.String(), "\n  "+c.Name)
	}
	out.Reset()
	tool().ShowHelp(e, l.Calls[1].Command)
	require.True(t, strings.HasPrefix(out.String(), "Usage: tool burn-bit [OPTIONS] BLOCK BIT...\n"))
	require.Contains(t, out.String(), "-o, --offset")
}

// Numbers are read as Python's int(text, 0) reads them.
func TestParseInt(t *testing.T) {
	for text, want := range map[string]int64{"0": 0, "00": 0, "12": 12, "0x1F": 31, "0b101": 5, "0o17": 15, "+3": 3, "-4": -4, "1_000": 1000, " 7 ": 7} {
		got, ok := cli.ParseInt(text)
		require.True(t, ok, text)
		require.Equal(t, want, got.Int64(), text)
	}
	for _, text := range []string{"", "x", "010", "0x", "1__0", "--1", "+-1", "1.5", "0b2", "_1", "1_"} {
		_, ok := cli.ParseInt(text)
		require.False(t, ok, text)
	}
	rapid.Check(t, func(t *rapid.T) {
		v := new(big.Int).SetBytes(rapid.SliceOfN(rapid.Byte(), 0, 40).Draw(t, "v"))
		for _, text := range []string{v.String(), "0x" + v.Text(16), "0b" + v.Text(2)} {
			got, ok := cli.ParseInt(text)
			require.True(t, ok)
			require.Zero(t, v.Cmp(got))
		}
	})
}

// Report ends every kind of run with the reference's exit code.
func TestReport(t *testing.T) {
	for want, err := range map[int][]error{
		0: {nil, &cli.ExitError{}},
		1: {cli.Brokenf("no"), &cli.AbortError{}},
		2: {cli.Fatalf("no"), &cli.UsageError{Message: "no"}, bytes.ErrTooLarge},
	} {
		for _, err := range err {
			require.Equal(t, want, env().Report(err), "%v", err)
		}
	}
}
