package whole_test

import (
	"bytes"
	"errors"
	"io"
	"math"
	"testing"
	"testing/iotest"

	"github.com/spf13/afero"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/bootsim/bootsim/bootsim/whole"
)

// Whatever size is told and however the bytes come, what is read is there, up to the
// most that is wanted.
func TestReadsWhatIsThere(t *testing.T) {
	sizes := rapid.OneOf(rapid.Int64Range(-1, 5000), rapid.SampledFrom([]int64{math.MinInt64, math.MaxInt64, math.MaxInt64 - 1}))
	rapid.Check(t, func(t *rapid.T) {
		data := rapid.SliceOfN(rapid.Byte(), 0, 2000).Draw(t, "data")
		most := rapid.Int64Range(0, 3000).Draw(t, "most")
		var r io.Reader = bytes.NewReader(data)
		switch rapid.IntRange(0, 3).Draw(t, "reader") {
		case 1:
			r = iotest.OneByteReader(r)
		case 2:
			r = iotest.DataErrReader(r)
		case 3:
			r = iotest.HalfReader(r)
		}
		got, err := whole.Read(r, sizes.Draw(t, "size"), most)
		require.NoError(t, err)
		require.True(t, bytes.Equal(data[:min(most, int64(len(data)))], got))
	})
}

// A size that is right costs one buffer; the beginning of a file costs its own size.
func TestOneBuffer(t *testing.T) {
	data := make([]byte, 1<<20)
	got, err := whole.Read(bytes.NewReader(data), int64(len(data)), math.MaxInt64)
	require.NoError(t, err)
	require.Len(t, got, len(data))
	require.Less(t, cap(got), len(data)+8192+1, "the allocator rounds up by a page")
	got, err = whole.Read(bytes.NewReader(data), int64(len(data)), 1<<16)
	require.NoError(t, err)
	require.Len(t, got, 1<<16)
	require.LessOrEqual(t, cap(got), 1<<16)
	for _, size := range []int64{int64(len(data)), 1000} {
		n := testing.AllocsPerRun(10, func() { _, _ = whole.Read(bytes.NewReader(data[:size]), size, math.MaxInt64) })
		require.LessOrEqual(t, n, 3.0)
	}
}

func TestErrorsComeThrough(t *testing.T) {
	bad := errors.New("input/output error")
	_, err := whole.Read(io.MultiReader(bytes.NewReader(make([]byte, 10)), iotest.ErrReader(bad)), 100, 200)
	require.ErrorIs(t, err, bad)
}

func TestReadFile(t *testing.T) {
	fs := afero.NewMemMapFs()
	require.NoError(t, afero.WriteFile(fs, "f", []byte("0123456789"), 0o600))
	f, err := fs.Open("f")
	require.NoError(t, err)
	require.EqualValues(t, 10, whole.Size(f))
	b, err := whole.ReadFile(f, 4)
	require.NoError(t, err)
	require.Equal(t, "0123", string(b))
	require.NoError(t, fs.Mkdir("d", 0o700))
	f, err = fs.Open("d")
	require.NoError(t, err)
	require.Zero(t, whole.Size(f))
}
