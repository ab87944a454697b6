package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/afero"
	"github.com/stretchr/testify/require"
)

// What the README shows is what the command prints.
func TestReadmeExampleIsReal(t *testing.T) {
	readme, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	require.NoError(t, err)
	h := newHarness("", nil)
	require.Equal(t, exitOK, h.call("demo", "demo"))
	require.Equal(t, exitFindings, h.call("check", "demo/broken-release-of-other-lot"))
	require.Contains(t, string(readme), h.out.String(), "print the example in README.md anew")

	config, err := afero.ReadFile(h.fs, "demo/good/bootsim.yaml")
	require.NoError(t, err)
	_, body, _ := strings.Cut(string(config), "\n")
	require.Contains(t, string(readme), strings.TrimSpace(body), "copy the example's bootsim.yaml into README.md")
}

// Lines of the README's other examples are lines that the command prints, but
// for an ellipsis where it leaves some out.
func TestReadmeLinesAreReal(t *testing.T) {
	readme, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	require.NoError(t, err)
	h := newHarness("", nil)
	require.Equal(t, exitOK, h.call("demo", "demo"))
	for begin, args := range map[string][]string{
		"FAIL  as-posted.txt (": {"provision", "--check", "demo/provision/as-posted.txt"},
		"step 9 (line 58): ":    {"provision", "demo/provision/as-posted.txt"},
		"release 2.0 in out: ":  {"release", "build", "demo/good", "-o", "out"},
	} {
		_, block, ok := strings.Cut(string(readme), "\n"+begin)
		require.True(t, ok, begin)
		block, _, _ = strings.Cut(begin+block, "```")
		h.call(args...)
		printed := strings.Split(h.out.String(), "\n")
		for line := range strings.Lines(block) {
			line = strings.TrimRight(line, "\n")
			if strings.TrimSpace(line) == "…" || strings.HasPrefix(line, "$ ") {
				continue
			}
			require.Contains(t, printed, line, "print the example of bootsim %s in README.md anew", strings.Join(args, " "))
		}
	}
}
