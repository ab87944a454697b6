package otatool_test

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
	"github.com/bootsim/bootsim/fixtures/refdata"
)

// Where the recorded runs have table and otadata, and how large they are.
const (
	flashSize   = 4 << 20
	tableAt     = 0x8000
	otadataAt   = 0xD000
	otadataSize = 0x2000
)

// result is what versions of otatool did, all the same.
type result struct {
	Versions []string
	RC       *int
	Hangs    bool
	Stdout   string
	Stderr   string
	Changed  bool
	After    []string
	SHA256   string
	File     string
}

type row struct {
	Table, State, Op, Args string
	Before                 []string
	Results                []result
}

// flash lays out the recorded 4 MB.
func flash(t *testing.T, r row) []byte {
	t.Helper()
	b := bytes.Repeat([]byte{0xFF}, flashSize)
	copy(b[tableAt:], refdata.Read(t, "otadata", r.Table))
	for i, text := range r.Before {
		entry, err := hex.DecodeString(text)
		require.NoError(t, err)
		copy(b[otadataAt+i*otadataSize/2:], entry)
	}
	return b
}

// outcome is what a command line leaves behind.
type outcome struct {
	rc             int
	stdout, stderr string
	flash          []byte
}

// run runs a command line on a flash image.
func run(t *testing.T, flash []byte, args ...string) outcome {
	t.Helper()
	fs := afero.NewMemMapFs()
	require.NoError(t, afero.WriteFile(fs, "flash.bin", flash, 0o644))
	return runOn(t, fs, append([]string{"--flash-file", "flash.bin"}, args...)...)
}

func runOn(t *testing.T, fs afero.Fs, args ...string) outcome {
	t.Helper()
	var stdout, stderr bytes.Buffer
	env := cli.Env{FS: fs, Stdin: strings.NewReader(""), Stdout: &stdout, Stderr: &stderr, Prog: "ESP-IDF OTA Partitions Tool"}
	o := outcome{rc: otatool.Run(env, args)}
	o.stdout, o.stderr = stdout.String(), stderr.String()
	var err error
	o.flash, err = afero.ReadFile(fs, "flash.bin")
	require.NoError(t, err)
	return o
}

// Every recorded run of otatool of v4.4, v5.5 and v6.0 ends the same way on a
// simulated chip: exit code, texts, and every byte of the flash. Where the
// reference hangs there is an error.
func TestRecordedRuns(t *testing.T) {
	var ix struct{ Runs []row }
	refdata.JSON(t, &ix, "otadata", "index.json")
	runs, tally := 0, refdata.Count(t, "otadata/runs", 154)
	for i, r := range ix.Runs {
		t.Run(fmt.Sprintf("%03d %s %s %s", i, r.Table, r.State, r.Op), func(t *testing.T) {
			before, differs := flash(t, r), ""
			for _, want := range r.Results {
				for _, version := range want.Versions {
					var args []string
					if version == "6.0" {
						args = []string{"--idf", "v6.0.2"}
					}
					got := run(t, before, append(args, strings.Fields(r.Args)...)...)
					runs++
					if want.Hangs {
						differs = "refused instead of a hang"
						require.Equal(t, 1, got.rc)
						require.Contains(t, got.stderr, "otatool would count")
						require.True(t, bytes.Equal(before, got.flash))
						continue
					}
					require.Equal(t, *want.RC, got.rc, got.stderr)
					checkTexts(t, want, got)
					checkFlash(t, want, before, got.flash)
				}
			}
			tally.End(differs)
		})
	}
	require.Equal(t, 248, runs)
}

func checkTexts(t *testing.T, want result, got outcome) {
	t.Helper()
	_, message, usage := strings.Cut(want.Stderr, ": error: ")
	switch {
	case want.Stdout == "[help text]\n":
		require.Contains(t, got.stdout, "usage: ")
	case usage:
		require.Contains(t, got.stderr, ": error: "+message)
		require.Equal(t, want.Stdout, got.stdout)
	default:
		require.Equal(t, want.Stdout, got.stdout)
		require.Equal(t, strings.TrimPrefix(want.Stderr, "[traceback]\n"), strings.TrimSuffix(got.stderr, "\n"))
	}
}

func checkFlash(t *testing.T, want result, before, after []byte) {
	t.Helper()
	if !want.Changed {
		require.True(t, bytes.Equal(before, after), "the flash stays as it is")
		return
	}
	rest := append([]byte(nil), after...)
	copy(rest[otadataAt:], before[otadataAt:otadataAt+otadataSize])
	require.True(t, bytes.Equal(before, rest), "nothing but otadata changes")
	data := after[otadataAt : otadataAt+otadataSize]
	sum := sha256.Sum256(data)
	require.Equal(t, want.SHA256, hex.EncodeToString(sum[:]))
	if want.File != "" {
		require.Equal(t, refdata.Read(t, "otadata", want.File), data)
	}
}
