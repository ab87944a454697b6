package config

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "rewrite the expected errors in testdata/bad")

// Every file of testdata/bad ends in comments: "# want LINE:COLUMN: MESSAGE" for
// each error, and whether the published schema refuses it too.
func TestMistakes(t *testing.T) {
	for name, text := range testdata(t, "bad") {
		t.Run(name, func(t *testing.T) {
			plan, err := load(t, text)
			require.Nil(t, plan)
			var all *Errors
			require.ErrorAs(t, err, &all)
			got := strings.ReplaceAll(err.Error(), "set/bootsim.yaml:", "")
			if *update {
				rewrite(t, name, text, got)
				return
			}
			require.Equal(t, strings.Join(comments(text, "want "), "\n"), got)
			for _, one := range all.Unwrap() {
				var e *Error
				require.True(t, errors.As(one, &e) && e.Line > 0 && printable(e.Message), "%v", one)
			}
		})
	}
}

// comments returns the rest of every line that starts with "# " and a word.
func comments(text []byte, word string) []string {
	var out []string
	for line := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(line, "# "+word); ok {
			out = append(out, strings.TrimSuffix(rest, "\n"))
		}
	}
	return out
}

func rewrite(t *testing.T, name string, text []byte, got string) {
	var b strings.Builder
	for line := range strings.Lines(string(text)) {
		if !strings.HasPrefix(line, "# want ") {
			b.WriteString(line)
		}
	}
	for _, line := range strings.Split(got, "\n") {
		b.WriteString("# want " + line + "\n")
	}
	require.NoError(t, os.WriteFile(filepath.Join("testdata", "bad", name+".yaml"), []byte(b.String()), 0o644))
}
