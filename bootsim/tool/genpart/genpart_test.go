package genpart_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/spf13/afero"
	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/bootsim/tool/cli"
	"github.com/bootsim/bootsim/bootsim/tool/genpart"
	"github.com/bootsim/bootsim/fixtures/refdata"
)

const csv = "nvs,data,nvs,0x9000,16K\nfactory,app,factory,0x10000,1M\n"

func runOn(fs afero.Fs, stdin string, args ...string) (rc int, stdout, stderr string) {
	var out, errs bytes.Buffer
	env := cli.Env{FS: fs, Stdin: strings.NewReader(stdin), Stdout: &out, Stderr: &errs, Prog: "bootsim gen_esp32part"}
	rc = genpart.Run(env, args)
	return rc, out.String(), errs.String()
}

// Standard input and output stand in for files, also under their name "-".
func TestStandardStreams(t *testing.T) {
	fs := afero.NewMemMapFs()
	rc, bin, stderr := runOn(fs, csv, "-")
	require.Zero(t, rc)
	require.Len(t, bin, 3072)
	require.Equal(t, "Parsing CSV input...\nVerifying table...\n", stderr)
	rc, back, _ := runOn(fs, bin, "-q", "-", "-")
	require.Zero(t, rc)
	require.Equal(t, "# ESP-IDF Partition Table\n# Name, Type, SubType, Offset, Size, Flags\n"+
		"nvs,data,nvs,0x9000,16K,\nfactory,app,factory,0x10000,1M,\n", back)
}

// The output's folder is made, an output that is there is replaced, and the
// input is never the output.
func TestOutput(t *testing.T) {
	fs := afero.NewMemMapFs()
	require.NoError(t, afero.WriteFile(fs, "in.csv", []byte(csv), 0o644))
	for range 2 {
		rc, stdout, stderr := runOn(fs, "", "-q", "in.csv", "build/table/out.bin")
		require.Zero(t, rc, stderr)
		require.Empty(t, stdout+stderr)
	}
	b, err := afero.ReadFile(fs, "build/table/out.bin")
	require.NoError(t, err)
	require.Len(t, b, 3072)
	rc, _, stderr := runOn(fs, "", "-q", "in.csv", "./in.csv")
	require.Equal(t, 2, rc)
	require.Contains(t, stderr, "is the input")
	b, err = afero.ReadFile(fs, "in.csv")
	require.NoError(t, err)
	require.Equal(t, csv, string(b))
	rc, _, stderr = runOn(afero.NewReadOnlyFs(fs), "", "-q", "in.csv", "out.bin")
	require.Equal(t, 1, rc)
	require.Contains(t, stderr, "out.bin'")
}

func TestCommandLine(t *testing.T) {
	fs := afero.NewMemMapFs()
	require.NoError(t, afero.WriteFile(fs, "in.csv", []byte(csv), 0o644))
	require.NoError(t, afero.WriteFile(fs, "big", make([]byte, 5<<20), 0o644))
	require.NoError(t, fs.Mkdir("dir", 0o755))
	for args, want := range map[string]string{
		"":                                "error: the following arguments are required: input",
		"nosuch.csv":                      "error: argument input: can't open 'nosuch.csv': [Errno 2] No such file or directory: 'nosuch.csv'",
		"dir":                             "error: argument input: can't open 'dir': [Errno 21] Is a directory: 'dir'",
		"big":                             "error: argument input: 'big' is larger than 4 MB",
		"in.csv a b":                      "error: unrecognized arguments: b",
		"in.csv out --idf v9.9":           "not modelled",
		"in.csv out --idf=x":              "error: argument --idf: invalid version: 'x'",
		"--secure v3 in.csv":              "error: argument --secure: invalid choice: 'v3' (choose from 'v1', 'v2')",
		"--idf 3.3 --secure v2 in.csv o":  "error: argument input: can't open 'v2'",
		"--offset 0x1ffffffffff in.csv o": "an offset in flash has at most 32 bits",
		"--primary-bootloader-offset 0x9000 --offset 0x8000 in.csv o": "Primary bootloader must be below partition table",
	} {
		rc, _, stderr := runOn(fs, "", strings.Fields(args)...)
		require.Equal(t, 2, rc, args)
		require.Contains(t, stderr, want, args)
	}
	rc, _, stderr := runOn(fs, "", "--offset", "zz", "in.csv", "o")
	require.Equal(t, 1, rc, "the reference ends with a traceback")
	require.Contains(t, stderr, "invalid literal for int() with base 0: 'zz'")
	rc, stdout, _ := runOn(fs, "", "-h")
	require.Zero(t, rc)
	require.Contains(t, stdout, "usage: bootsim gen_esp32part ")
}

// Any input ends with one of the codes; output is there exactly if it is 0.
func FuzzRun(f *testing.F) {
	f.Add([]byte(csv), "-q")
	f.Add(refdata.Read(f, "parttable", "two-ota.bin"), "--flash-size 4MB")
	f.Add([]byte("\xff\xfea\x00,\x00"), "--no-verify")
	f.Add([]byte("x,data,fat,,$SIZE\n"), "--idf 3.1 --secure")
	f.Fuzz(func(t *testing.T, input []byte, options string) {
		fs := afero.NewMemMapFs()
		require.NoError(t, afero.WriteFile(fs, "in", input, 0o644))
		rc, _, _ := runOn(fs, "", append(strings.Fields(options), "in", "out.bin")...)
		require.Contains(t, []int{0, 1, 2}, rc)
		after, err := afero.ReadFile(fs, "in")
		require.NoError(t, err)
		require.Equal(t, input, after)
	})
}
