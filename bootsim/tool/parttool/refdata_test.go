package parttool_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"

	"github.com/spf13/afero"
	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/bootsim/tool/cli"
	"github.com/bootsim/bootsim/bootsim/tool/otatool"
	"github.com/bootsim/bootsim/bootsim/tool/parttool"
	"github.com/bootsim/bootsim/fixtures/refdata"
)

// row is a recorded run of parttool or otatool of v5.5.5.
type row struct {
	Tool, Table    string
	Args           []string
	RC             int
	Stdout, Stderr string
	Flash          string `json:"flash_sha256"` // "": unchanged
	Out            string `json:"out_sha256"`
}

const flashSize = 4 << 20

// flash lays out the flash of the recorded runs: a pattern, and the table.
func flash(tb testing.TB, table string) []byte {
	tb.Helper()
	b := make([]byte, flashSize)
	for i := range b {
		b[i] = byte(i*7 + (i>>8)*13)
	}
	if table == "" {
		return b
	}
	for i := range 0x1000 {
		b[0x8000+i] = 0xFF
	}
	for i := range 0x2000 {
		b[0xD000+i] = 0xFF
	}
	copy(b[0x8000:], refdata.Read(tb, "parttool", table))
	return b
}

// disk returns the files of the recorded runs.
func disk(tb testing.TB, flash []byte) afero.Fs {
	tb.Helper()
	fs := afero.NewMemMapFs()
	files := map[string][]byte{"flash.img": flash, "p64k.dat": make([]byte, 1<<16)}
	for i := range files["p64k.dat"] {
		files["p64k.dat"][i] = byte(i * 11)
	}
	for _, name := range []string{"main.csv", "main.bin", "nofactory.csv", "nofactory.bin", "broken.csv", "badtype.csv",
		"p100.dat", "p4097.dat", "p4100.dat"} {
		files[name] = refdata.Read(tb, "parttool", name)
	}
	for name, b := range files {
		require.NoError(tb, afero.WriteFile(fs, name, b, 0o644))
	}
	return fs
}

type outcome struct {
	rc             int
	stdout, stderr string
}

func run(fs afero.Fs, tool string, args ...string) outcome {
	var stdout, stderr bytes.Buffer
	env := cli.Env{FS: fs, Stdin: strings.NewReader(""), Stdout: &stdout, Stderr: &stderr, Prog: "tool",
		Getenv: func(name string) string { return map[string]string{"BOOTSIM_FLASH_FILE": "flash.img"}[name] }}
	tools := map[string]func(cli.Env, []string) int{"parttool": parttool.Run, "otatool": otatool.Run}
	return outcome{tools[tool](env, args), stdout.String(), stderr.String()}
}

func digest(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// erasedFirst tells whether the reference erased a partition before it found
// that the file does not fit. Here nothing is erased then.
func erasedFirst(r row) bool { return r.RC != 0 && r.Flash != "" }

// Every recorded run ends the same way: exit code, texts, the files and every
// byte of the flash.
func TestRecordedRuns(t *testing.T) {
	var ix struct{ Runs []row }
	refdata.JSON(t, &ix, "parttool", "index.json")
	require.Len(t, ix.Runs, 256)
	kept, flashes := 0, map[string][]byte{}
	for i, r := range ix.Runs {
		t.Run(fmt.Sprintf("%03d %s %s", i, r.Tool, strings.Join(r.Args, " ")), func(t *testing.T) {
			before := flashes[r.Table]
			if before == nil {
				before = flash(t, r.Table)
				flashes[r.Table] = before
			}
			fs := disk(t, before)
			got := run(fs, r.Tool, r.Args...)
			require.Equal(t, r.RC, got.rc, got.stderr)
			checkTexts(t, r, got)
			after, err := afero.ReadFile(fs, "flash.img")
			require.NoError(t, err)
			if r.Flash == "" || erasedFirst(r) {
				require.True(t, bytes.Equal(before, after), "the flash stays as it is")
			} else {
				require.Equal(t, r.Flash, digest(after))
			}
			if erasedFirst(r) {
				kept++
			}
			out, err := afero.ReadFile(fs, "out.dat")
			require.Equal(t, r.Out == "", err != nil)
			if r.Out != "" {
				require.Equal(t, r.Out, digest(out))
			}
		})
	}
	require.Equal(t, 9, kept)
}

func checkTexts(t *testing.T, r row, got outcome) {
	t.Helper()
	_, message, usage := strings.Cut(r.Stderr, ": error: ")
	switch {
	case r.Stdout == "[help text]\n":
		require.Contains(t, got.stdout, "usage: ")
	case usage:
		require.Contains(t, got.stderr, ": error: "+message)
		require.Equal(t, r.Stdout, got.stdout)
	default:
		want := strings.TrimPrefix(strings.TrimPrefix(r.Stderr, "[traceback]\n"), "gen_esp32part.InputError: ")
		require.Equal(t, r.Stdout, got.stdout)
		require.True(t, strings.HasSuffix(words(got.stderr), words(want)) && (want != "" || got.stderr == ""),
			"want %q, got %q", want, got.stderr)
	}
}

// words drops the blanks that the reference's source has inside a message.
func words(text string) string { return strings.Join(strings.Fields(text), " ") }
