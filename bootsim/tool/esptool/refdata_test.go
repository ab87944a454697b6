package esptool_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/afero"
	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/bootsim/tool/cli"
	"github.com/bootsim/bootsim/bootsim/tool/esptool"
	"github.com/bootsim/bootsim/fixtures/refdata"
)

// outcome is a recorded run, or one of ours.
type outcome struct {
	RC      int
	Stdout  string
	Stderr  string
	Message string // of a usage error
	OutLen  int    `json:"out_len"`
	SHA256  string `json:"out_sha256"`
	File    string
}

type index struct {
	Inputs map[string]string `json:"merge_inputs"`
	Info   []struct {
		File   string
		V4     outcome         `json:"v4"`
		V5     outcome         `json:"v5"`
		V5Chip json.RawMessage `json:"v5_chip"` // "same", or an outcome
	} `json:"image_info"`
	More []struct {
		V4Cmd string `json:"cmd_v4"`
		V5Cmd string `json:"cmd_v5"`
		V4    outcome
		V5    *outcome
	} `json:"image_info_more"`
	Merge []struct {
		ID    string
		V4Cmd string `json:"cmd_v4"`
		V5Cmd string `json:"cmd_v5"`
		V4    outcome
		V5    outcome
	} `json:"merge_bin"`
}

// tool runs a command line on a file system.
func tool(fs afero.Fs, args ...string) outcome {
	var stdout, stderr bytes.Buffer
	env := cli.Env{FS: fs, Stdin: strings.NewReader(""), Stdout: &stdout, Stderr: &stderr, Prog: "esptool"}
	o := outcome{RC: esptool.Run(env, args)}
	o.Stdout, o.Stderr = stdout.String(), stderr.String()
	if _, message, ok := strings.Cut(o.Stderr, "\nError: "); ok {
		o.Message = strings.TrimSuffix(message, "\n")
	}
	return o
}

// sameEnd requires that a run ended as recorded: with the same code, and the
// same texts, but for those of Python's command-line library and tracebacks.
func sameEnd(t *testing.T, want, got outcome, msg string) {
	t.Helper()
	require.Equal(t, want.RC, got.RC, "%s: %s", msg, got.Stderr)
	switch {
	case want.Message != "":
		require.Equal(t, want.Message, got.Message, msg)
	case strings.Contains(want.Stderr, "[traceback]"):
		require.Equal(t, want.Stdout, got.Stdout, msg)
		require.Contains(t, got.Stderr, "A fatal error occurred: ", msg)
	default:
		require.Equal(t, want.Stdout, got.Stdout, msg)
		require.Equal(t, want.Stderr, got.Stderr, msg)
	}
}

// inputs puts recorded files under the names of the runs.
func inputs(t *testing.T, names map[string]string) afero.Fs {
	t.Helper()
	fs := afero.NewMemMapFs()
	for name, stored := range names {
		b := refdata.Read(t, "esptool", filepath.FromSlash(stored))
		require.NoError(t, afero.WriteFile(fs, name, b, 0o644))
	}
	return fs
}

// images lists the recorded image files under their own names.
func images(ix index) map[string]string {
	names := map[string]string{}
	for _, row := range ix.Info {
		names[row.File] = row.File
	}
	return names
}

// Every recorded image is explained, or refused, in v5's words, with --chip and
// without. v4's spelling of the command gives the same behind a warning.
func TestImageInfo(t *testing.T) {
	var ix index
	refdata.JSON(t, &ix, "esptool", "index.json")
	tally := refdata.Count(t, "esptool/image_info", 37)
	fs := afero.NewReadOnlyFs(afero.NewBasePathFs(afero.NewOsFs(), refdata.Path(t, "esptool")))
	runs := 0
	for _, row := range ix.Info {
		t.Run(row.File, func(t *testing.T) {
			sameEnd(t, row.V5, tool(fs, "image-info", row.File), "v5")
			chip := row.V5
			if string(row.V5Chip) != `"same"` {
				chip = outcome{}
				require.NoError(t, json.Unmarshal(row.V5Chip, &chip))
			}
			sameEnd(t, chip, tool(fs, "--chip", "esp32", "image-info", row.File), "v5 --chip")
			old := tool(fs, "image_info", "--version", "2", row.File)
			warning := "Warning: Deprecated: Command 'image_info' is deprecated. Use 'image-info' instead.\n"
			require.Equal(t, row.V4.RC, old.RC)
			require.Equal(t, old, tool(fs, "image_info", row.File, "-v", "2"))
			require.Equal(t, warning+tool(fs, "image-info", row.File).Stdout, old.Stdout)
			runs += 3
			tally.Equal()
		})
	}
	require.Equal(t, 111, runs)
}

func TestImageInfoMore(t *testing.T) {
	var ix index
	refdata.JSON(t, &ix, "esptool", "index.json")
	tally := refdata.Count(t, "esptool/image_info_more", 3)
	fs := inputs(t, images(ix))
	for _, row := range ix.More {
		require.Equal(t, row.V4.RC, tool(fs, strings.Fields(row.V4Cmd)[1:]...).RC, row.V4Cmd)
		if row.V5 == nil {
			tally.Differs("v4's layout, shown in v5's")
			continue
		}
		sameEnd(t, *row.V5, tool(fs, strings.Fields(row.V5Cmd)[1:]...), row.V5Cmd)
		tally.Equal()
	}
}

// Every recorded merge gives the recorded file, in v5's words, by either
// spelling.
func TestMergeBin(t *testing.T) {
	var ix index
	refdata.JSON(t, &ix, "esptool", "index.json")
	written, tally := 0, refdata.Count(t, "esptool/merge_bin", 35)
	for _, row := range ix.Merge {
		if row.ID == "output-is-input" {
			tally.Differs("output is an input, see TestOutputIsInput")
			continue
		}
		t.Run(row.ID, func(t *testing.T) {
			for _, v := range []struct {
				cmd  string
				want outcome
			}{{row.V5Cmd, row.V5}, {row.V4Cmd, row.V4}} {
				fs := inputs(t, ix.Inputs)
				got := tool(fs, strings.Fields(v.cmd)[1:]...)
				if v.cmd == row.V5Cmd {
					sameEnd(t, v.want, got, v.cmd)
				}
				require.Equal(t, v.want.RC, got.RC, "%s: %s", v.cmd, got.Stderr)
				out, err := afero.ReadFile(fs, "out.bin")
				require.Equal(t, v.want.SHA256 == "", err != nil, "no file where the reference leaves none")
				if v.want.SHA256 == "" {
					continue
				}
				written++
				require.Len(t, out, v.want.OutLen)
				sum := sha256.Sum256(out)
				require.Equal(t, v.want.SHA256, hex.EncodeToString(sum[:]))
				if v.want.File != "" {
					require.Equal(t, refdata.Read(t, "esptool", v.want.File), out)
				}
			}
			tally.Equal()
		})
	}
	require.Equal(t, 42, written)
}

// The reference empties an input file that is also the output before it reads
// it, and calls that a success. Here it stays.
func TestOutputIsInput(t *testing.T) {
	var ix index
	refdata.JSON(t, &ix, "esptool", "index.json")
	row := ix.Merge[len(ix.Merge)-1]
	require.Equal(t, "output-is-input", row.ID)
	require.Equal(t, 0, row.V5.RC)
	fs := inputs(t, ix.Inputs)
	got := tool(fs, strings.Fields(row.V5Cmd)[1:]...)
	require.Equal(t, 2, got.RC)
	require.Contains(t, got.Stderr, "boot.bin is an input file")
	after, err := afero.ReadFile(fs, "boot.bin")
	require.NoError(t, err)
	require.Equal(t, refdata.Read(t, "esptool", "bootloader.bin"), after)
}
