package espsecure_test

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/spf13/afero"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/bootsim/bootsim/bootsim/tool/cli"
	"github.com/bootsim/bootsim/bootsim/tool/espsecure"
	"github.com/bootsim/bootsim/flashmodel/crypt"
)

var streamKey = bytes.Repeat([]byte{0x5A, 0xC3}, 16)

// pattern is bytes that no two chunks have alike.
func pattern(n int) []byte {
	b := make([]byte, 0, n+sha256.Size)
	for i := 0; len(b) < n; i++ {
		sum := sha256.Sum256(fmt.Append(nil, i))
		b = append(b, sum[:]...)
	}
	return b[:n]
}

// streamEnv is a file system in memory with a key, and an input of n bytes.
func streamEnv(t require.TestingT, data []byte) (cli.Env, *bytes.Buffer, *bytes.Buffer) {
	var out, errs bytes.Buffer
	e := cli.Env{FS: afero.NewMemMapFs(), Stdin: bytes.NewReader(data), Stdout: &out, Stderr: &errs, Prog: "espsecure"}
	require.NoError(t, afero.WriteFile(e.FS, "key", streamKey, 0o600))
	require.NoError(t, afero.WriteFile(e.FS, "in", data, 0o644))
	return e, &out, &errs
}

// A file that is worked on in chunks comes out as the cipher makes it in one piece,
// wherever it begins, from a file or standard input, to a file or standard output;
// and back.
func TestChunksAreOneEncryption(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		size := rapid.OneOf(rapid.IntRange(1, 64), rapid.IntRange(cli.ChunkSize-40, cli.ChunkSize+40),
			rapid.IntRange(3*cli.ChunkSize-20, 3*cli.ChunkSize+20), rapid.IntRange(1, 1<<20)).Draw(t, "size")
		addr := uint32(rapid.IntRange(0, 1<<20).Draw(t, "block")) * crypt.BlockSize
		data := pattern(size)
		e, stdout, _ := streamEnv(t, data)
		in := rapid.SampledFrom([]string{"in", "-"}).Draw(t, "in")
		args := fmt.Sprintf("encrypt-flash-data --keyfile key --address %#x --output out %s", addr, in)
		require.Zero(t, espsecure.Run(e, strings.Fields(args)))
		got, err := afero.ReadFile(e.FS, "out")
		require.NoError(t, err)
		require.Len(t, got, (size+15)&^15)

		key, err := crypt.ParseKey(streamKey)
		require.NoError(t, err)
		plain := make([]byte, len(got))
		require.NoError(t, crypt.New(key, crypt.FullConfig).Decrypt(addr, plain, got))
		require.True(t, bytes.Equal(data, plain[:size]))

		stdout.Reset()
		args = fmt.Sprintf("decrypt-flash-data --keyfile key --address %#x --output - out", addr)
		require.Zero(t, espsecure.Run(e, strings.Fields(args)))
		require.True(t, bytes.HasSuffix(stdout.Bytes(), plain))
	})
}

// Of what is no multiple of a block, decryption writes the blocks and complains.
func TestDecryptOddLength(t *testing.T) {
	for _, size := range []int{1, 15, 17, cli.ChunkSize + 1, 2*cli.ChunkSize + 31} {
		e, _, errs := streamEnv(t, pattern(size))
		require.Equal(t, cli.ExitFatal, espsecure.Run(e, strings.Fields("decrypt-flash-data --keyfile key --address 0 --output out in")))
		require.Contains(t, errs.String(), "Data length is not a multiple of 16 bytes.")
		info, err := e.FS.Stat("out")
		if size < crypt.BlockSize {
			require.ErrorIs(t, err, fs.ErrNotExist)
			continue
		}
		require.NoError(t, err)
		require.EqualValues(t, size&^15, info.Size())
	}
}

// badFs is a file system in which an input ends early, or a disk is full.
type badFs struct {
	afero.Fs
	shrinks bool
	full    int // bytes that the output takes
}

type badFile struct {
	afero.File
	badFs
	taken *int
}

type longer struct{ fs.FileInfo }

func (i longer) Size() int64 { return i.FileInfo.Size() + 1 }

func (b badFs) Open(name string) (afero.File, error) {
	f, err := b.Fs.Open(name)
	if err != nil || name != "in" || !b.shrinks {
		return f, err
	}
	return badFile{f, b, nil}, nil
}

func (b badFs) OpenFile(name string, flag int, mode fs.FileMode) (afero.File, error) {
	f, err := b.Fs.OpenFile(name, flag, mode)
	return badFile{f, b, new(int)}, err
}

func (f badFile) Stat() (fs.FileInfo, error) {
	info, err := f.File.Stat()
	return longer{info}, err
}

func (f badFile) Write(b []byte) (int, error) {
	if *f.taken += len(b); *f.taken > f.full {
		return 0, errors.New("no space left on device")
	}
	return f.File.Write(b)
}

// A run that breaks off leaves an empty file, which nobody flashes, and says why;
// one that is refused leaves the output as it was.
func TestBrokenOffLeavesNothing(t *testing.T) {
	const size = 4 * cli.ChunkSize
	for _, c := range []struct {
		fs   badFs
		args string
		rc   int
		says string
		left int
	}{
		{badFs{shrinks: true, full: 2 * size}, "--address 0 in", cli.ExitFatal, "'in': the file became shorter", 0},
		{badFs{full: 2*cli.ChunkSize + 1}, "--address 0 in", cli.ExitFailed, "Could not open file 'out': no space left on device", 0},
		{badFs{full: 2 * size}, "--address 8 in", cli.ExitFatal, "must be a multiple of 16", 5},
		{badFs{full: 2 * size}, "--address 0 none", cli.ExitFatal, "No such file or directory", 5},
		{badFs{full: 2 * size}, "--address 0 out", cli.ExitFatal, "should not be the same", 5},
		{badFs{full: 2 * size}, "--address 0 in", cli.ExitOK, "", size},
	} {
		e, _, errs := streamEnv(t, pattern(size))
		require.NoError(t, afero.WriteFile(e.FS, "out", []byte("older"), 0o644))
		c.fs.Fs = e.FS
		e.FS = c.fs
		args := "encrypt-flash-data --keyfile key --output out " + c.args
		require.Equal(t, c.rc, espsecure.Run(e, strings.Fields(args)), "%s: %s", args, errs)
		require.Contains(t, errs.String(), c.says)
		left, err := afero.ReadFile(e.FS, "out")
		require.NoError(t, err)
		require.Len(t, left, c.left, args)
	}
}

// Memory does not grow with the file.
func TestEncryptionTakesLittleMemory(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "in"), make([]byte, 16<<20), 0o644))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "key"), streamKey, 0o600))
	var out, errs bytes.Buffer
	e := cli.Env{FS: afero.NewBasePathFs(afero.NewOsFs(), dir), Stdout: &out, Stderr: &errs, Prog: "espsecure"}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	require.Zero(t, espsecure.Run(e, strings.Fields("encrypt-flash-data --keyfile key --address 0 --output out in")), &errs)
	runtime.ReadMemStats(&after)
	require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(2<<20))
}
