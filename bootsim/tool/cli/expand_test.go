package cli_test

import (
	"strings"
	"testing"

	"github.com/spf13/afero"
	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/bootsim/tool/cli"
)

func TestExpandFiles(t *testing.T) {
	e := env()
	out := &strings.Builder{}
	e.Stdout = out
	require.NoError(t, afero.WriteFile(e.FS, "args", []byte("--chip esp32\n  'two words' \"a \\\"b\\\"\" c\\ d e\"f g\"h \"\"\n"), 0o666))
	got, err := cli.ExpandFiles(e, []string{"x", "@args", "y"})
	require.NoError(t, err)
	require.Equal(t, []string{"x", "--chip", "esp32", "two words", `a "b"`, "c d", "ef gh", "", "y"}, got)
	require.True(t, strings.HasPrefix(out.String(), "esptool x --chip esp32 "))

	got, err = cli.ExpandFiles(e, []string{"plain"})
	require.NoError(t, err)
	require.Equal(t, []string{"plain"}, got)

	require.NoError(t, afero.WriteFile(e.FS, "open", []byte("'never ends"), 0o666))
	require.NoError(t, e.FS.Mkdir("folder", 0o777))
	require.NoError(t, afero.WriteFile(e.FS, "huge", make([]byte, 1<<20+1), 0o666))
	for name, want := range map[string]string{"@open": "unfinished quotation", "@folder": "at most 1 MB", "@huge": "at most 1 MB", "@none": "No such file"} {
		_, err := cli.ExpandFiles(e, []string{name})
		require.ErrorContains(t, err, want)
	}
}

func TestReadInput(t *testing.T) {
	e := env()
	e.Stdin = strings.NewReader("from stdin")
	require.NoError(t, afero.WriteFile(e.FS, "f", []byte("0123456789"), 0o666))
	require.NoError(t, e.FS.Mkdir("d", 0o777))
	b, err := e.ReadInput("f", 4)
	require.NoError(t, err)
	require.Equal(t, "01234", string(b), "one byte more than the limit")
	b, err = e.ReadInput("-", 100)
	require.NoError(t, err)
	require.Equal(t, "from stdin", string(b))
	_, err = e.ReadInput("d", 4)
	require.Equal(t, "Is a directory", cli.Reason(err))
	_, err = e.ReadInput("none", 4)
	require.Equal(t, "No such file or directory", cli.Reason(err))
}

// No command line makes the parser panic, and every word is used or complained
// about.
func FuzzParse(f *testing.F) {
	f.Add("--do-not-confirm burn-bit BLOCK1 1 --offset 3 dump --format=joint")
	f.Add("-dc esp32 burn_bit -- -1 --x= dump -h")
	f.Fuzz(func(t *testing.T, line string) {
		l, err := tool().Parse(env(), strings.Split(line, " "))
		if err != nil {
			return
		}
		for _, c := range l.Calls {
			require.True(t, c.Err != nil || c.Command != nil)
		}
	})
}

func FuzzExpand(f *testing.F) {
	f.Add("a 'b c' \"d\\\"\" \\e")
	f.Fuzz(func(t *testing.T, text string) {
		e := env()
		require.NoError(t, afero.WriteFile(e.FS, "a", []byte(text), 0o666))
		words, err := cli.ExpandFiles(e, []string{"@a"})
		if err == nil && !strings.ContainsAny(text, "'\"\\\x00") {
			require.Equal(t, strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(" \t\r\n", r) }), append([]string{}, words...))
		}
	})
}
