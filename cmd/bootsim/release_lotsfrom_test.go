package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/spf13/afero"
	"github.com/stretchr/testify/require"
)

// A release finds its lots by whatever name its folder is called.
func TestReleaseThroughALink(t *testing.T) {
	h := newHarness("", nil)
	h.app.fs, h.fs = afero.NewOsFs(), afero.NewOsFs()
	root := t.TempDir()
	h.writeExample(t, filepath.Join(root, "g7"))
	require.NoError(t, os.MkdirAll(filepath.Join(root, "real/deep"), 0o755))
	h.write(t, filepath.Join(root, "real/g7/bootsim.yaml"), []byte("version: 1\n")) // where the way from the link would lead

	if err := os.Symlink(filepath.Join(root, "real/deep"), filepath.Join(root, "link")); err != nil {
		t.Logf("no symbolic links here, so only the plain way is tried: %v", err)
		require.NoError(t, os.MkdirAll(filepath.Join(root, "link"), 0o755))
	}
	t.Chdir(root)
	for _, out := range []string{"link", "link/below", "plain"} {
		require.Equal(t, exitOK, h.call("release", "build", "g7", "-o", out, "--force"), h.err)
		require.Equal(t, exitOK, h.call("release", "verify", out), "%s: %s", out, h.err)
		there, err := filepath.EvalSymlinks(out)
		require.NoError(t, err)
		t.Chdir(there)
		require.Equal(t, exitOK, h.call("release", "verify", "."), "%s: %s", out, h.err)
		require.Equal(t, exitOK, h.call("check", "."), "%s: %s", out, h.err)
		t.Chdir(root)
	}
	text, err := os.ReadFile("plain/bootsim.yaml")
	require.NoError(t, err)
	require.Contains(t, string(text), "lots_from: ../g7/bootsim.yaml\n", "without links the folders can move together")
}

// Lots that could not be read are one mistake: no artifact is blamed for naming
// them.
func TestMissingLotsAreToldOnce(t *testing.T) {
	h := built(t)
	require.NoError(t, h.fs.Remove("demo/good/bootsim.yaml"))
	require.Equal(t, exitUsage, h.call("check", "out"))
	require.Contains(t, h.err.String(), "there is no file")
	require.NotContains(t, h.err.String(), "there is no lot")
}
