package parttable_test

import (
	"crypto/sha256"
	"encoding/hex"
	"path"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

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

func read(t *testing.T, name string) []byte {
	t.Helper()
	return refdata.Read(t, "parttable", name)
}

// check replays a run with every version it was recorded for.
func check(t *testing.T, want run, args []string, name string, input []byte) {
	t.Helper()
	for _, version := range want.Versions {
		got := tool(t, version, slices.Clone(args), name, input)
		require.Equal(t, want.RC, got.rc, "%s: %s", version, got.stderr)
		require.Equal(t, withoutUsage(want.Stderr), got.stderr, version)
		require.Equal(t, want.Stdout, got.stdout, version)
		require.Equal(t, want.SHA256, digest(got.out), version)
		if want.OutLen > 0 {
			require.Len(t, got.out, want.OutLen)
		}
	}
}

func digest(out []byte) string {
	if out == nil {
		return ""
	}
	sum := sha256.Sum256(out)
	return hex.EncodeToString(sum[:])
}

// Valid tables become the bytes, and from the bytes the CSV, that the tools of
// v4.4, v5.5 and v6.0 make of them.
func TestValidTables(t *testing.T) {
	ix := recorded(t)
	require.Equal(t, 28, len(ix.Valid))
	for _, row := range ix.Valid {
		t.Run(row.CSV, func(t *testing.T) {
			csv := read(t, row.CSV)
			for _, r := range row.Bin {
				check(t, r, nil, row.CSV, csv)
			}
			for _, r := range row.NoMD5 {
				check(t, r, []string{"--disable-md5sum"}, row.CSV, csv)
			}
			bin := read(t, row.File)
			require.Equal(t, bin, tool(t, "5.5", nil, row.CSV, csv).out)
			for _, r := range row.Back {
				check(t, r, nil, row.File, bin)
			}
			if row.BackFile != "" {
				require.Equal(t, string(read(t, row.BackFile)), string(tool(t, "5.5", nil, row.File, bin).out))
			}
		})
	}
}

// Invalid and unusual tables are refused, warned of or crash the reference with
// the same exit code and the same text.
func TestUnusualTables(t *testing.T) {
	ix := recorded(t)
	require.Equal(t, 94, len(ix.Cases))
	for _, row := range ix.Cases {
		t.Run(row.ID, func(t *testing.T) {
			input := read(t, row.File)
			for _, r := range row.Results {
				check(t, r, row.Args, path.Base(row.File), input)
			}
			if row.OutFile != "" {
				got := tool(t, "5.5", slices.Clone(row.Args), path.Base(row.File), input)
				require.Equal(t, string(read(t, row.OutFile)), string(got.out))
			}
		})
	}
}

func TestFlashSizes(t *testing.T) {
	ix := recorded(t)
	require.Equal(t, 24, len(ix.FlashSize))
	for _, row := range ix.FlashSize {
		got := tool(t, "5.5", []string{"--quiet", "--flash-size", row.FlashSize}, row.CSV, read(t, row.CSV))
		require.Equal(t, row.RC, got.rc, "%s in %s: %s", row.CSV, row.FlashSize, got.stderr)
		require.Equal(t, row.Stderr, got.stderr)
	}
}
