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
