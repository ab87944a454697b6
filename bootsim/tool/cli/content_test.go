package cli_test

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"math"
	"runtime"
	"strings"
	"testing"

	"github.com/spf13/afero"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/bootsim/bootsim/bootsim/tool/cli"
)

// liar is a file system whose files say that they have another size, as those of
// /proc do, and files that somebody writes; reading them may end in an error.
type liar struct {
	afero.Fs
	size int64
	fail error // in place of the end of the file
}

type liarFile struct {
	afero.File
	liar
}

type liarInfo struct {
	fs.FileInfo
	size int64
}

func (l liar) Open(name string) (afero.File, error) {
	f, err := l.Fs.Open(name)
	return liarFile{f, l}, err
}

func (f liarFile) Stat() (fs.FileInfo, error) {
	info, err := f.File.Stat()
	return liarInfo{info, f.size}, err
}

func (f liarFile) Read(b []byte) (int, error) {
	n, err := f.File.Read(b)
	if errors.Is(err, io.EOF) && f.fail != nil {
		err = f.fail
	}
	return n, err
}

func (i liarInfo) Size() int64 { return i.size }

// sizes are around what is read at once, and anything else.
func sizes() *rapid.Generator[int] {
	return rapid.OneOf(rapid.IntRange(0, 100), rapid.IntRange(cli.ChunkSize-20, cli.ChunkSize+20),
		rapid.IntRange(4*cli.ChunkSize-2, 4*cli.ChunkSize+2), rapid.IntRange(0, 6*cli.ChunkSize))
}

func numbered(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(i ^ i>>8 ^ i>>16)
	}
	return b
}

// withFile is an environment with one file, of which it says that it has a size.
func withFile(t require.TestingT, data []byte, says int64, fail error) cli.Env {
	e := env()
	require.NoError(t, afero.WriteFile(e.FS, "f", data, 0o600))
	e.FS = liar{e.FS, says, fail}
	return e
}

// Whatever the size, a file comes through in order, whole, and as it is read by
// ReadInput; each chunk is handed over once and at its place.
func TestContentComesThrough(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		data := numbered(sizes().Draw(t, "size"))
		tail := make([]byte, rapid.IntRange(0, 16).Draw(t, "tail"))
		e := withFile(t, data, int64(len(data)), nil)
		e.Stdin = bytes.NewReader(data)
		want := append(bytes.Clone(data), tail...)
		for _, name := range []string{"f", "-"} {
			c, err := e.OpenInput(name, math.MaxInt32)
			require.NoError(t, err)
			size, next := c.Size(), int64(0)
			var out bytes.Buffer
			require.NoError(t, c.Pipe(&out, func(at int64, chunk []byte) ([]byte, error) {
				require.Equal(t, next, at)
				if next += int64(len(chunk)); next == size {
					return append(chunk, tail...), nil
				}
				return chunk, nil
			}))
			require.Equal(t, size, next)
			require.True(t, bytes.Equal(want, out.Bytes()))
		}
		c, err := e.OpenInput("f", math.MaxInt32)
		require.NoError(t, err)
		all, err := c.All()
		require.NoError(t, err)
		require.True(t, bytes.Equal(data, all))
		b, err := e.ReadInput("f", math.MaxInt32)
		require.NoError(t, err)
		require.True(t, bytes.Equal(data, b))
	})
}

// A wrong size misleads nobody: too small, too large, absurd. What is not there is
// not made up, and no memory is taken for it.
func TestWrongSizes(t *testing.T) {
	const limit = 4 << 20
	for _, says := range []int64{-1, 0, 1, 5, 4096, cli.ChunkSize, cli.ChunkSize + 1, limit, limit + 1, 1 << 40, math.MaxInt64} {
		data := numbered(1000)
		e := withFile(t, data, says, nil)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		b, err := e.ReadInput("f", limit)
		runtime.ReadMemStats(&after)
		require.NoError(t, err)
		require.True(t, bytes.Equal(data, b), "says %d", says)
		require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(limit+limit/4), "says %d", says)
		c, err := e.OpenInput("f", limit)
		require.NoError(t, err)
		all, err := c.All()
		require.NoError(t, err)
		require.True(t, bytes.Equal(data, all), "says %d", says)
	}
}

// Beyond the limit one byte tells.
func TestLargerThanTheLimit(t *testing.T) {
	for _, says := range []int64{0, 10, 600_000} {
		e := withFile(t, numbered(600_000), says, nil)
		for _, limit := range []int64{0, 9, cli.ChunkSize, 599_999} {
			b, err := e.ReadInput("f", limit)
			require.NoError(t, err)
			require.Len(t, b, int(limit)+1)
			c, err := e.OpenInput("f", limit)
			require.NoError(t, err)
			require.Equal(t, limit+1, c.Size(), "says %d, limit %d", says, limit)
			c.Close()
		}
	}
}

// A file that is cut short behind its first chunk is an error, not an image.
func TestShrunkenFile(t *testing.T) {
	for _, fail := range []error{nil, errors.New("input/output error")} {
		e := withFile(t, numbered(3*cli.ChunkSize+7), 5*cli.ChunkSize, fail)
		c, err := e.OpenInput("f", math.MaxInt32)
		require.NoError(t, err)
		var failed *cli.ReadError
		_, err = c.All()
		require.ErrorAs(t, err, &failed)

		c, err = e.OpenInput("f", math.MaxInt32)
		require.NoError(t, err)
		var out bytes.Buffer
		err = c.Pipe(&out, func(_ int64, chunk []byte) ([]byte, error) { return chunk, nil })
		require.ErrorAs(t, err, &failed)
		require.Equal(t, "f", failed.Name)
		if fail == nil {
			require.ErrorContains(t, err, "shorter while it was read")
		} else {
			require.ErrorIs(t, err, fail)
		}
		require.Equal(t, 3*cli.ChunkSize, out.Len(), "whole chunks only")
	}
}

// A file that grows is read as far as it reached.
func TestGrowingFile(t *testing.T) {
	data := numbered(3 * cli.ChunkSize)
	e := withFile(t, data, 2*cli.ChunkSize+9, nil)
	c, err := e.OpenInput("f", math.MaxInt32)
	require.NoError(t, err)
	all, err := c.All()
	require.NoError(t, err)
	require.True(t, bytes.Equal(data[:2*cli.ChunkSize+9], all))
}

// full is a disk that takes some writes, refuses one, and has room again.
type full struct {
	writes int
	late   bool // something came after the refusal
}

var errFull = errors.New("no space left on device")

func (w *full) Write(b []byte) (int, error) {
	if w.writes--; w.writes == -1 {
		return 0, errFull
	}
	w.late = w.late || w.writes < 0
	return len(b), nil
}

// Errors of either side end the run, whenever they come.
func TestPipeFails(t *testing.T) {
	errBad := errors.New("bad")
	for writes := range 8 {
		for bad := range 8 {
			e := withFile(t, numbered(6*cli.ChunkSize), 6*cli.ChunkSize, nil)
			c, err := e.OpenInput("f", math.MaxInt32)
			require.NoError(t, err)
			disk := &full{writes: writes}
			err = c.Pipe(disk, func(at int64, chunk []byte) ([]byte, error) {
				if at == int64(bad)*cli.ChunkSize {
					return nil, errBad
				}
				return chunk, nil
			})
			require.False(t, disk.late, "an output with a hole")
			switch {
			case bad < 6:
				require.ErrorIs(t, err, errBad)
			case writes < 6:
				require.ErrorIs(t, err, errFull)
			default:
				require.NoError(t, err)
			}
		}
	}
}

// What cannot be opened is an error of the system's words.
func TestOpenInputRefuses(t *testing.T) {
	e := env()
	require.NoError(t, e.FS.MkdirAll("d", 0o755))
	_, err := e.OpenInput("d", 4)
	require.Equal(t, "Is a directory", cli.Reason(err))
	_, err = e.OpenInput("none", 4)
	require.Equal(t, "No such file or directory", cli.Reason(err))
	e.Stdin = io.MultiReader(strings.NewReader("a"), errReader{})
	_, err = e.OpenInput("-", 4)
	require.ErrorIs(t, err, errFull)
}

type errReader struct{}

func (errReader) Read([]byte) (int, error) { return 0, errFull }
