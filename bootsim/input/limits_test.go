package input_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/spf13/afero"
	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/bootsim/input"
)

// sparse makes a file of a size that takes no room.
func sparse(t *testing.T, dir, name string, size int64) string {
	path := filepath.Join(dir, name)
	require.NoError(t, os.WriteFile(path, nil, 0o644))
	require.NoError(t, os.Truncate(path, size))
	return path
}

// Giant files are refused by their size, before a byte of them is read.
func TestGiantFiles(t *testing.T) {
	dir := t.TempDir()
	huge := sparse(t, dir, "app.bin", 1<<40)
	_, err := input.Find(afero.NewOsFs(), input.Request{Paths: []string{huge}})
	var size *input.SizeError
	require.ErrorAs(t, err, &size)
	require.Equal(t, input.SizeError{File: huge, Size: 1 << 40, Limit: input.MaxFile}, *size)
	require.ErrorContains(t, err, "at most 16 MB")
	_, err = input.Find(afero.NewOsFs(), input.Request{FlashArgs: []string{"0x1000 " + huge}})
	require.ErrorAs(t, err, &size)
	require.Equal(t, int64(1<<40), size.Size)
	require.NoError(t, os.Rename(huge, filepath.Join(dir, "video.raw")))
	sparse(t, dir, "flasher_args.json", 1<<30)
	sparse(t, dir, "flash_args", 1<<30)
	sparse(t, dir, "manifest.json", 1<<30)
	sparse(t, dir, "flash.sh", 1<<30)
	_, err = input.Find(afero.NewOsFs(), input.Request{Paths: []string{dir}})
	var none *input.NothingFoundError
	require.ErrorAs(t, err, &none)
	require.Contains(t, err.Error(), "files over 67108864 bytes are not read")
}

// A file that grows beyond what its size said is cut off at the limit.
func TestEndlessFile(t *testing.T) {
	_, err := input.Find(afero.NewOsFs(), input.Request{Paths: []string{"/dev/zero"}})
	var e *input.FileError
	require.ErrorAs(t, err, &e)
	require.Contains(t, e.Reason, "no regular file")
}

func TestTreeTooLargeIsSaid(t *testing.T) {
	f := idfBuild().in("x")
	for i := range 5000 {
		f[fmt.Sprintf("x/d%04d/f", i)] = []byte{1}
	}
	f["x/1/2/3/4/5/6/7/8/9/10/app.bin"] = app("1")
	r := find(t, f, "x")
	require.Equal(t, 1, len(r.Lots))
	require.Contains(t, notes(r), "too large to be searched whole")
}

// zipped packs files.
func zipped(t testing.TB, f files) []byte {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for name, data := range f {
		e, err := w.Create(name)
		require.NoError(t, err)
		_, err = e.Write(data)
		require.NoError(t, err)
	}
	require.NoError(t, w.Close())
	return b.Bytes()
}

func TestArchive(t *testing.T) {
	inside := idfBuild().with(files{"flasher_args.json": []byte(flasherArgs)}).in("fw/build").with(files{"../../etc/x.bin": {1}})
	f := files{"fw.zip": zipped(t, inside)}
	r := find(t, f, "fw.zip")
	require.Equal(t, 1, len(r.Lots))
	require.Equal(t, "fw.zip:fw/build/flasher_args.json", r.Lots[0].Source)
	require.Contains(t, layout(r.Lots[0]), "fw: 1000=fw.zip:fw/build/bootloader/bootloader.bin(bootloader) ")
	require.Equal(t, 1, len(find(t, f.in("d"), "d").Lots), "a folder with nothing but an archive")
	require.NotContains(t, layouts(find(t, idfBuild().with(f).in("d"), "d"))[0], "zip", "a set beside it wins")

	nested := files{"a.zip": zipped(t, files{"b.zip": f["fw.zip"]})}
	require.Contains(t, failure[*input.NothingFoundError](t, nested, input.Request{Paths: []string{"a.zip"}}).Error(), "archive inside an archive")
	cut := files{"a.zip": f["fw.zip"][:200]}
	require.Equal(t, "a.zip", failure[*input.FileError](t, cut, input.Request{Paths: []string{"a.zip"}}).File)
	configured := files{"a.zip": zipped(t, files{"bootsim.yaml": []byte("x")})}
	_, err := input.Find(configured.fs(t), input.Request{Paths: []string{"a.zip"}})
	require.ErrorContains(t, err, "not read from an archive")
}

// What unpacks to more than any file may have is refused, whatever it states.
func TestArchiveBomb(t *testing.T) {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	e, err := w.Create("app.bin")
	require.NoError(t, err)
	block := make([]byte, 1<<20)
	for range 65 {
		_, err := e.Write(block)
		require.NoError(t, err)
	}
	require.NoError(t, w.Close())
	require.Less(t, b.Len(), 1<<20)
	failure[*input.SizeError](t, files{"a.zip": b.Bytes()}, input.Request{Paths: []string{"a.zip"}})
	many := files{}
	for i := range 5000 {
		many[fmt.Sprint(i)] = nil
	}
	failure[*input.FileError](t, files{"a.zip": zipped(t, many)}, input.Request{Paths: []string{"a.zip"}})
}
