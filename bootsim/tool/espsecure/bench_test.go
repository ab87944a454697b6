package espsecure_test

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/bootsim/bootsim/bootsim/tool/cli"
	"github.com/bootsim/bootsim/bootsim/tool/espsecure"
	"github.com/bootsim/bootsim/fixtures/refdata"
	"github.com/spf13/afero"
	"github.com/stretchr/testify/require"
)

// toolRun is what a command did, ours or the reference's.
type toolRun struct {
	RC             int
	Stdout, Stderr string
	Message        string  // of a usage error
	Out            *string // name of the output file
	OutLen         int     `json:"out_len"`
	OutSHA256      string  `json:"out_sha256"`
}

// commandRow is a command of both generations of the reference.
type commandRow struct {
	ID          string
	CmdV4       string            `json:"cmd_v4"`
	CmdV5       string            `json:"cmd_v5"`
	ExtraInputs map[string]string `json:"extra_inputs"`
	File        string
	V4, V5      toolRun
}

func commandRows(tb testing.TB) []commandRow {
	var index struct{ Texts []commandRow }
	refdata.JSON(tb, &index, "espsecure", "commands.json")
	return index.Texts
}

// bench is a folder to run commands in.
type bench struct {
	dir            string
	fs             afero.Fs
	stdout, stderr bytes.Buffer
}

// newBench returns a folder with every recorded input.
func newBench(tb testing.TB) *bench {
	dir := tb.TempDir()
	files, err := filepath.Glob(refdata.Path(tb, "espsecure", "*"))
	require.NoError(tb, err)
	for _, f := range files {
		if b, err := os.ReadFile(f); err == nil && !strings.HasSuffix(f, ".json") {
			require.NoError(tb, os.WriteFile(filepath.Join(dir, filepath.Base(f)), b, 0o644))
		}
	}
	return &bench{dir: dir, fs: afero.NewBasePathFs(afero.NewOsFs(), dir)}
}

func (b *bench) write(tb testing.TB, name string, data []byte) {
	require.NoError(tb, afero.WriteFile(b.fs, name, data, 0o644))
}

func (b *bench) read(tb testing.TB, name string) []byte {
	data, err := afero.ReadFile(b.fs, name)
	require.NoError(tb, err)
	return data
}

// run carries out a command line without the program's name.
func (b *bench) run(args ...string) int {
	b.stdout.Reset()
	b.stderr.Reset()
	env := cli.Env{FS: b.fs, Stdin: strings.NewReader(""), Stdout: &b.stdout, Stderr: &b.stderr, Prog: "bootsim espsecure"}
	return espsecure.Run(env, args)
}

// must runs a command line that has to succeed, after some preparation.
func (b *bench) must(tb testing.TB, line string, prepare ...func(testing.TB)) {
	tb.Helper()
	for _, p := range prepare {
		p(tb)
	}
	require.Zero(tb, b.run(strings.Fields(line)...), "%s\n%s%s", line, &b.stdout, &b.stderr)
}

// fails runs a command line that has to fail with an exit code and a text, after
// some preparation.
func (b *bench) fails(tb testing.TB, rc int, text, line string, prepare ...func(testing.TB)) {
	tb.Helper()
	for _, p := range prepare {
		p(tb)
	}
	require.Equal(tb, rc, b.run(strings.Fields(line)...), "%s\n%s%s", line, &b.stdout, &b.stderr)
	require.Contains(tb, b.stderr.String(), text)
}

// files returns the content of every file.
func (b *bench) files(tb testing.TB) map[string]string {
	out := map[string]string{}
	entries, err := os.ReadDir(b.dir)
	require.NoError(tb, err)
	for _, e := range entries {
		out[e.Name()] = string(b.read(tb, e.Name()))
	}
	return out
}

// words takes a recorded command line apart.
func words(line string) []string {
	var out []string
	for _, w := range strings.Split(line, " ")[1:] {
		out = append(out, strings.Trim(w, "'"))
	}
	return out
}

var (
	runOf   = regexp.MustCompile(`^(\d+) bytes of 0x([0-9a-f]{2})$`)
	flipped = regexp.MustCompile(`^(\S+) with bit 0 of byte (\d+) inverted$`)
)

// extra makes an input that a row describes in hex or words.
func (b *bench) extra(tb testing.TB, text string) []byte {
	if m := runOf.FindStringSubmatch(text); m != nil {
		n, err := strconv.Atoi(m[1])
		require.NoError(tb, err)
		value, err := hex.DecodeString(m[2])
		require.NoError(tb, err)
		return bytes.Repeat(value, n)
	}
	if m := flipped.FindStringSubmatch(text); m != nil {
		data := b.read(tb, m[1])
		at, err := strconv.Atoi(m[2])
		require.NoError(tb, err)
		data[at] ^= 1
		return data
	}
	data, err := hex.DecodeString(text)
	require.NoError(tb, err, fmt.Sprintf("cannot make %q", text))
	return data
}
