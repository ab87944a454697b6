package espefuse_test

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/afero"
	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/bootsim/tool/cli"
	"github.com/bootsim/bootsim/bootsim/tool/espefuse"
	"github.com/bootsim/bootsim/emu/efuse"
	"github.com/bootsim/bootsim/fixtures/refdata"
)

// recorded is fixtures/refdata/espefuse/console.json: what the reference did.
type recorded struct {
	Steps, Shows, Cases []recordedRun
}

type recordedRun struct {
	ID, State, V4, V5 string
	Cmd, JSON         string
	Stdin             string
	RC                int
	Stdout, Stderr    string
	Message           string // of a usage error, without blanks
	Help, Traceback   bool
	Unchanged         bool
	DumpAfter         string `json:"dump_after"`
	FileLenAfter      int    `json:"file_len_after"`
}

func loadRecorded(t testing.TB) (r recorded) {
	refdata.JSON(t, &r, "espefuse", "console.json")
	require.Len(t, r.Steps, 76)
	require.Len(t, r.Shows, 42)
	require.Len(t, r.Cases, 99)
	return r
}

// result is what a run of this tool left behind.
type result struct {
	rc             int
	stdout, stderr string
}

// shop is a folder in memory with the key files of the recordings.
func shop(t testing.TB) afero.Fs {
	fs := afero.NewMemMapFs()
	for _, name := range []string{"k1.bin", "k2.bin", "k16.bin", "k24.bin", "test-key-rsa-a.pub.pem", "test-key-ec-a.pem"} {
		require.NoError(t, afero.WriteFile(fs, name, refdata.Read(t, "espsecure", name), 0o666))
	}
	require.NoError(t, afero.WriteFile(fs, "k0.bin", nil, 0o666))
	return fs
}

func try(fs afero.Fs, stdin string, args ...string) result {
	var out, errs bytes.Buffer
	env := cli.Env{FS: fs, Stdin: strings.NewReader(stdin), Stdout: &out, Stderr: &errs, Prog: "bootsim espefuse"}
	rc := espefuse.Run(env, args)
	return result{rc, out.String(), errs.String()}
}

// virtual puts the prefix of the recordings before a command.
func virtual(cmd string) []string {
	return slices.Concat([]string{"--chip", "esp32", "--virt", "--path-efuse-file", "f.bin", "--do-not-confirm"}, strings.Fields(cmd))
}

// place puts the virtual file of a recorded state where the commands look for
// it: #N is a file of N bytes FF, #none is no file.
func place(t testing.TB, fs afero.Fs, state string) {
	switch state {
	case "#none":
		return
	case "#0", "#100", "#400":
		size := map[string]int{"#0": 0, "#100": 100, "#400": 400}[state]
		require.NoError(t, afero.WriteFile(fs, "f.bin", bytes.Repeat([]byte{0xFF}, size), 0o666))
	default:
		require.NoError(t, afero.WriteFile(fs, "f.bin", refdata.Read(t, "espefuse", state+".virt"), 0o666))
	}
}

func file(t testing.TB, fs afero.Fs, name string) []byte {
	b, err := afero.ReadFile(fs, name)
	require.NoError(t, err)
	return b
}

// readRegisters is what the recordings call a dump: the 31 words that can be
// read, whatever the coding scheme.
func readRegisters(virt []byte) []byte {
	regs := slices.Clone(virt)
	slices.Reverse(regs)
	return slices.Concat(regs[:0x1C], regs[0x38:0x98])
}

// withoutDescriptions takes the descriptions of the chip's fields out of a text:
// those of the reference are not in the recordings. Those of the user's own
// fields stay.
func withoutDescriptions(text string) string {
	var out []string
	entry, known := "", false
	for _, line := range strings.Split(text, "\n") {
		if m := regexp.MustCompile(`^    "([A-Z0-9_]+)": \{`).FindStringSubmatch(line); m != nil {
			entry = m[1]
		}
		if m := regexp.MustCompile(`^\s+- '([A-Z0-9_]+)'`).FindStringSubmatch(line); m != nil && isField(m[1]) {
			line = regexp.MustCompile(`' \(.*\) (0[xb])`).ReplaceAllString(line, "' (*) $1")
		}
		if m := regexp.MustCompile(`^([A-Z0-9_]+) \(BLOCK\d\)`).FindStringSubmatch(line); m != nil {
			known = isField(m[1])
			if known && len(line) >= 101 {
				line = line[:51] + strings.Repeat(" ", 50) + line[101:]
			}
		}
		more := known && strings.HasPrefix(line, strings.Repeat(" ", 51))
		described := isField(entry) && strings.HasPrefix(line, `        "description": `)
		if !more && !described {
			out = append(out, line)
		}
	}
	return strings.Join(out, "\n")
}

// isField tells whether the chip itself has a field.
func isField(name string) bool {
	_, err := efuse.Lookup(name)
	return err == nil
}

func withoutBlanks(text string) string { return strings.Join(strings.Fields(text), "") }
