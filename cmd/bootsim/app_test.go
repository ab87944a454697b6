package main

import (
	"bytes"
	"io"
	"os"
	"path"
	"strings"
	"testing"
	"time"

	"github.com/spf13/afero"
	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/fixtures/example"
)

// harness is the command on a file system in memory.
type harness struct {
	*app
	fs       afero.Fs
	out, err *bytes.Buffer
}

func newHarness(stdin string, env map[string]string) *harness {
	h := &harness{fs: afero.NewMemMapFs(), out: &bytes.Buffer{}, err: &bytes.Buffer{}}
	h.app = &app{fs: h.fs, stdin: strings.NewReader(stdin), stdout: h.out, stderr: h.err,
		getenv:   func(k string) string { return env[k] },
		terminal: func(io.Writer) bool { return env["TERMINAL"] != "" },
		width:    func(io.Writer) int { return 0 },
		now:      ticking()}
	return h
}

// ticking is a clock that goes on by a second whenever it is asked.
func ticking() func() time.Time {
	var now time.Time
	return func() time.Time {
		now = now.Add(time.Second)
		return now
	}
}

// call runs one command line on fresh output.
func (h *harness) call(args ...string) int {
	h.out.Reset()
	h.err.Reset()
	return h.run(args)
}

func (h *harness) write(t *testing.T, name string, data []byte) {
	t.Helper()
	require.NoError(t, h.fs.MkdirAll(path.Dir(name), 0o755))
	require.NoError(t, afero.WriteFile(h.fs, name, data, 0o644))
}

// writeExample puts the embedded example into a folder.
func (h *harness) writeExample(t *testing.T, dir string) {
	t.Helper()
	for _, f := range example.Files() {
		h.write(t, path.Join(dir, f.Path), f.Data)
	}
}

func TestExitCodes(t *testing.T) {
	cases := []struct {
		name string
		args []string
		want int
		says string // on standard error
	}{
		{"no command", nil, exitUsage, ""},
		{"help", []string{"help"}, exitOK, ""},
		{"check help", []string{"check", "--help"}, exitOK, ""},
		{"unknown command", []string{"chek"}, exitUsage, `there is no command "chek"`},
		{"unknown option", []string{"check", "--nope"}, exitUsage, "unknown flag: --nope"},
		{"embedded examples", []string{"check"}, exitOK, ""},
		{"embedded examples, notes matter", []string{"check", "--fail-on", "note"}, exitFindings, ""},
		{"bad severity", []string{"check", "--fail-on", "fatal"}, exitUsage, "--fail-on fatal"},
		{"bad format", []string{"check", "--format", "pdf"}, exitUsage, "pdf"},
		{"bad output", []string{"check", "--output", "json"}, exitUsage, "want FORMAT=FILE"},
		{"bad size", []string{"check", "good", "--flash-size", "3MB"}, exitUsage, "--flash-size 3MB"},
		{"bad revision", []string{"check", "good", "--chip-revision", "x"}, exitUsage, "--chip-revision x"},
		{"bad idf", []string{"check", "good", "--idf", "latest"}, exitUsage, "--idf latest"},
		{"bad table offset", []string{"check", "good", "--partition-table-offset", "0x8001"}, exitUsage, "0x8001"},
		{"good folder", []string{"check", "good"}, exitOK, ""},
		{"missing folder", []string{"check", "nowhere"}, exitInput, "nowhere"},
		{"empty folder", []string{"check", "empty"}, exitInput, "looked for"},
		{"unrecognised file", []string{"check", "text.txt"}, exitInput, "text.txt"},
		{"empty file", []string{"check", "zero.bin"}, exitInput, "zero.bin"},
		{"broken configuration", []string{"check", "badyaml"}, exitUsage, "badyaml/bootsim.yaml:2:"},
		{"missing key", []string{"check", "good", "--key", "no.key"}, exitInput, "no.key"},
		{"key of odd length", []string{"check", "good", "--key", "text.txt"}, exitUsage, "--key text.txt"},
		{"efuse file that is none", []string{"check", "good", "--efuse", "text.txt"}, exitInput, "text.txt"},
		{"broken flash args", []string{"check", "--flash-args", "0x1000"}, exitInput, ""},
		{"rules", []string{"rules"}, exitOK, ""},
		{"one rule", []string{"rules", "wrong-address"}, exitOK, ""},
		{"unknown rule", []string{"rules", "nope"}, exitUsage, `no rule "nope"`},
		{"version", []string{"version"}, exitOK, ""},
		{"boot", []string{"boot", "good"}, exitOK, ""},
		{"boot one lot", []string{"boot", "good", "--lot", "lot-two"}, exitOK, ""},
		{"boot unknown lot", []string{"boot", "good", "--lot", "nine"}, exitUsage, "--lot nine"},
		{"demo without folder", []string{"demo"}, exitUsage, "demo takes one folder"},
		{"demo over files", []string{"demo", "good"}, exitUsage, "not empty"},
	}
	h := newHarness("", nil)
	h.writeExample(t, "good")
	h.write(t, "text.txt", []byte("hello"))
	h.write(t, "zero.bin", nil)
	h.write(t, "badyaml/bootsim.yaml", []byte("version: 1\nlotz: []\n"))
	require.NoError(t, h.fs.MkdirAll("empty", 0o755))
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got := h.call(c.args...)
			require.Equal(t, c.want, got, "stdout:\n%s\nstderr:\n%s", h.out, h.err)
			require.Contains(t, h.err.String(), c.says)
			if c.want == exitUsage && c.name != "no command" || c.want == exitInput {
				require.Contains(t, h.err.String(), "error: ")
			}
		})
	}
}

func TestInputFilesAreNeverWritten(t *testing.T) {
	h := newHarness("", nil)
	h.writeExample(t, "good")
	before := contents(t, h.fs)
	require.Equal(t, exitOK, h.call("check", "good"))
	require.Equal(t, exitOK, h.call("boot", "good"))
	require.Equal(t, before, contents(t, h.fs))
	for name := range before {
		if strings.HasSuffix(name, ".bin") {
			require.Equal(t, exitUsage, h.call("check", "good", "--output", "json="+name), name)
		}
	}
	require.Equal(t, before, contents(t, h.fs))
}

func contents(t *testing.T, fs afero.Fs) map[string]string {
	t.Helper()
	out := map[string]string{}
	require.NoError(t, afero.Walk(fs, ".", func(name string, info os.FileInfo, err error) error {
		if err != nil || info.IsDir() {
			return err
		}
		b, err := afero.ReadFile(fs, name)
		out[name] = string(b)
		return err
	}))
	return out
}

func TestPanicIsAnInternalError(t *testing.T) {
	h := newHarness("", nil)
	h.app.terminal = func(io.Writer) bool { panic("planted") }
	require.Equal(t, exitInput, h.call("check"))
	require.Contains(t, h.err.String(), "internal error: planted")
}
