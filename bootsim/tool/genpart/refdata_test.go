package genpart_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"path"
	"strings"
	"testing"

	"github.com/spf13/afero"
	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/bootsim/tool/cli"
	"github.com/bootsim/bootsim/bootsim/tool/genpart"
	"github.com/bootsim/bootsim/fixtures/refdata"
)

// run is a recorded run and the versions that agree on it.
type run struct {
	Versions []string
	RC       int
	Stdout   string
	Stderr   string
	SHA256   string `json:"out_sha256"`
	OutLen   int    `json:"out_len"`
}

type index struct {
	Valid []struct {
		CSV, File        string
		Bin, NoMD5, Back []run
		BackFile         string `json:"back_file"`
	}
	Cases []struct {
		ID, File string
		Args     []string
		OutFile  string `json:"out_file"`
		Results  []run
	}
	FlashSize []struct {
		CSV       string
		FlashSize string `json:"flash_size"`
		RC        int
		Stderr    string
	} `json:"flash_size"`
}

func recorded(t *testing.T) (ix index) {
	t.Helper()
	refdata.JSON(t, &ix, "parttable", "index.json")
	return ix
}

// result is what a command line leaves behind.
type result struct {
	rc             int
	stdout, stderr string
	out            []byte // nil without an output file
}

// tool runs a command line beside one input file.
func tool(t *testing.T, name string, input []byte, args ...string) result {
	t.Helper()
	fs := afero.NewMemMapFs()
	require.NoError(t, afero.WriteFile(fs, name, input, 0o644))
	var stdout, stderr bytes.Buffer
	env := cli.Env{FS: fs, Stdin: bytes.NewReader(input), Stdout: &stdout, Stderr: &stderr, Prog: "gen_esp32part.py",
		Getenv: func(name string) string {
			return map[string]string{"PT_SIZE": "4K", "PT_NAME": "main", "HOME": "/home/user"}[name]
		}}
	r := result{rc: genpart.Run(env, args), stdout: stdout.String(), stderr: stderr.String()}
	after, err := afero.ReadFile(fs, name)
	require.NoError(t, err)
	require.Equal(t, input, after, "the input stays as it is")
	if out, err := afero.ReadFile(fs, "out"); err == nil {
		r.out = out
	}
	return r
}

// release returns the arguments that choose a recorded version: the newest two
// are the tool's own.
func release(version string) []string {
	if version == "4.4" {
		return []string{"--idf", "v4.4.8"}
	}
	return nil
}

func digest(out []byte) string {
	if out == nil {
		return ""
	}
	sum := sha256.Sum256(out)
	return hex.EncodeToString(sum[:])
}

const usage = "gen_esp32part.py: error: "

// comparable drops what belongs to Python: usage lines and tracebacks. Of a
// crash the exception's line is left, and what comes before the crash.
func comparable(stderr string) string {
	if i := strings.Index(stderr, usage); i >= 0 {
		return stderr[i:]
	}
	return strings.TrimSuffix(strings.ReplaceAll(stderr, "[traceback]\n", ""), "\n")
}

// withoutHint drops the explanation in front of an exception's line.
func withoutHint(stderr string) string {
	lines := strings.Split(comparable(stderr), "\n")
	kept := lines[:0]
	for _, l := range lines {
		if !strings.HasPrefix(l, "the input holds bytes that are no text") {
			kept = append(kept, l)
		}
	}
	return strings.Join(kept, "\n")
}

func check(t *testing.T, want run, name string, input []byte, args ...string) (runs int) {
	t.Helper()
	for _, version := range want.Versions {
		got := tool(t, name, input, append(append(release(version), args...), name, "out")...)
		require.Equal(t, want.RC, got.rc, "%s: %s", version, got.stderr)
		require.Equal(t, comparable(want.Stderr), withoutHint(got.stderr), version)
		require.Equal(t, want.Stdout, got.stdout, version)
		require.Equal(t, want.SHA256, digest(got.out), version)
		runs++
	}
	return runs
}

// Every recorded table takes the same way through the command line, at every
// recorded release.
func TestRecordedTables(t *testing.T) {
	ix := recorded(t)
	runs, tally := 0, refdata.Count(t, "parttable/valid", 28)
	for _, row := range ix.Valid {
		t.Run(row.CSV, func(t *testing.T) {
			csv, bin := refdata.Read(t, "parttable", row.CSV), refdata.Read(t, "parttable", row.File)
			for _, r := range row.Bin {
				runs += check(t, r, row.CSV, csv)
			}
			for _, r := range row.NoMD5 {
				runs += check(t, r, row.CSV, csv, "--disable-md5sum")
			}
			for _, r := range row.Back {
				runs += check(t, r, row.File, bin)
			}
			require.Equal(t, bin, tool(t, row.CSV, csv, "-q", row.CSV, "out").out)
			if row.BackFile != "" {
				want := string(refdata.Read(t, "parttable", row.BackFile))
				require.Equal(t, want, tool(t, row.File, bin, row.File).stdout, "standard output instead of a file")
			}
			tally.Equal()
		})
	}
	require.Equal(t, 252, runs)
}

func TestRecordedCases(t *testing.T) {
	ix := recorded(t)
	runs, tally := 0, refdata.Count(t, "parttable/cases", 94)
	for _, row := range ix.Cases {
		t.Run(row.ID, func(t *testing.T) {
			input := refdata.Read(t, "parttable", row.File)
			for _, r := range row.Results {
				runs += check(t, r, path.Base(row.File), input, row.Args...)
			}
			tally.Equal()
		})
	}
	require.Equal(t, 282, runs)
}

func TestRecordedFlashSizes(t *testing.T) {
	ix := recorded(t)
	tally := refdata.Count(t, "parttable/flash_size", 24)
	for _, row := range ix.FlashSize {
		got := tool(t, row.CSV, refdata.Read(t, "parttable", row.CSV), "--quiet", "--flash-size", row.FlashSize, row.CSV, "out")
		require.Equal(t, row.RC, got.rc, "%s in %s: %s", row.CSV, row.FlashSize, got.stderr)
		require.Equal(t, row.Stderr, got.stderr)
		tally.Equal()
	}
}
