package main

import (
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/spf13/afero"
	"github.com/stretchr/testify/require"
)

// An obstacle is found before anything is written.
func TestReleaseBuildLooksForObstacles(t *testing.T) {
	h := newHarness("", nil)
	h.writeExample(t, "demo/good")
	require.NoError(t, h.fs.MkdirAll("out/"+bundleFile, 0o755))
	before := contents(t, h.fs)
	require.Equal(t, exitUsage, h.call("release", "build", "demo/good", "-o", "out", "--force"))
	require.Contains(t, h.err.String(), bundleFile+" is in the way")
	require.Equal(t, before, contents(t, h.fs))
}

// fullDisk fails at the nth file that is written, or at the nth renamed.
type fullDisk struct {
	afero.Fs
	writes, renames int
}

var errFull = errors.New("no space left")

func (d *fullDisk) OpenFile(name string, flag int, mode os.FileMode) (afero.File, error) {
	if flag&os.O_CREATE != 0 {
		if d.writes--; d.writes == 0 {
			return nil, errFull
		}
	}
	return d.Fs.OpenFile(name, flag, mode)
}

func (d *fullDisk) Rename(from, to string) error {
	if d.renames--; d.renames == 0 {
		return errFull
	}
	return d.Fs.Rename(from, to)
}

// A build that cannot write everything leaves the older release as it was, and
// one that cannot put everything in place leaves no release, not a mixed one.
func TestReleaseBuildIsWholeOrNot(t *testing.T) {
	h := built(t)
	text, err := afero.ReadFile(h.fs, "demo/good/release.yaml")
	require.NoError(t, err)
	h.write(t, "demo/good/release.yaml", []byte(strings.Replace(string(text), "name: \"2.0\"", "name: \"2.0b\"", 1)))
	before := contents(t, h.fs)
	for n := 1; n <= 6; n++ {
		h.app.fs = &fullDisk{Fs: h.fs, writes: n}
		require.Equal(t, exitInput, h.call("release", "build", "demo/good", "-o", "out", "--force"), n)
		require.Contains(t, h.err.String(), "no space left")
		require.Equal(t, before, contents(t, h.fs), "file %d", n)
	}
	for n := 1; n <= 6; n++ {
		h := built(t)
		h.app.fs = &fullDisk{Fs: h.fs, renames: n}
		require.Equal(t, exitInput, h.call("release", "build", "demo/good", "-o", "out", "--force"), n)
		for name := range contents(t, h.fs) {
			require.False(t, strings.HasSuffix(name, ".part"), name)
		}
		if n < 6 { // the configuration alone is old
			require.Equal(t, exitInput, h.call("release", "verify", "out"), n)
		}
	}
	h.app.fs = h.fs
	require.NoError(t, afero.WriteFile(h.fs, "out/.index.json.part", []byte("left over"), 0o644))
	require.Equal(t, exitOK, h.call("release", "build", "demo/good", "-o", "out", "--force"))
	require.Equal(t, exitOK, h.call("release", "verify", "out"))
}
