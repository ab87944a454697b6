package input

import (
	"archive/zip"
	"bytes"
	"io"
	"path"
	"path/filepath"
	"strings"

	"github.com/spf13/afero"
)

// maxArchived is the number of files in an archive that are looked at.
const maxArchived = 4096

// archivesIn searches the zip archives of a folder in which nothing else is.
func (f *finder) archivesIn(d *folder) error {
	for _, name := range d.files {
		if strings.EqualFold(filepath.Ext(name), ".zip") {
			if err := f.archive(filepath.Join(d.path, name)); err != nil {
				return err
			}
		}
	}
	return nil
}

// archive searches a zip archive as if it were a folder.
func (f *finder) archive(name string) error {
	if f.depth > 0 {
		f.note("%s: an archive inside an archive: not looked into", name)
		return nil
	}
	data, err := f.store.read(name)
	if err != nil {
		return err
	}
	files, err := f.unpack(name, data)
	if err != nil {
		return err
	}
	inner := newFinder(files)
	inner.flashSize = f.flashSize
	inner.depth, inner.store.used = f.depth+1, f.store.used
	if err := inner.tree("/"); err != nil {
		return err
	}
	f.store.used = inner.store.used
	return f.adopt(name, inner)
}

// unpack reads the files of an archive into memory. Sizes that the archive
// states are not believed.
func (f *finder) unpack(name string, data []byte) (afero.Fs, error) {
	r, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, fileError(name, "not readable as a zip archive", err)
	}
	if len(r.File) > maxArchived {
		return nil, fileError(name, "holds too many files for an image set: "+plural(len(r.File), "file"), nil)
	}
	files := afero.NewMemMapFs()
	for _, entry := range r.File {
		if entry.FileInfo().IsDir() || !entry.Mode().IsRegular() {
			continue
		}
		b, err := f.entry(name, entry)
		if err != nil {
			return nil, err
		}
		inside := path.Clean("/" + slashed(entry.Name))
		if err := afero.WriteFile(files, inside, b, 0o444); err != nil {
			return nil, fileError(name, "cannot be unpacked", err)
		}
	}
	return files, nil
}

// entry unpacks one file.
func (f *finder) entry(name string, entry *zip.File) ([]byte, error) {
	inside := name + ":" + entry.Name
	if entry.UncompressedSize64 > MaxFile {
		return nil, &SizeError{File: inside, Size: int64(min(entry.UncompressedSize64, 1<<62)), Limit: MaxFile}
	}
	rc, err := entry.Open()
	if err != nil {
		return nil, fileError(inside, "cannot be unpacked", err)
	}
	defer rc.Close()
	b, err := io.ReadAll(io.LimitReader(rc, MaxFile+1))
	if err != nil {
		return nil, fileError(inside, "cannot be unpacked", err)
	}
	if len(b) > MaxFile {
		return nil, &SizeError{File: inside, Size: int64(len(b)), Limit: MaxFile}
	}
	if f.store.used += int64(len(b)); f.store.used > MaxTotal {
		return nil, &SizeError{File: inside, Size: f.store.used, Limit: MaxTotal, Total: true}
	}
	return b, nil
}

// adopt takes what was found in an archive, with names that tell so.
func (f *finder) adopt(name string, inner *finder) error {
	before := len(f.lots)
	for _, v := range inner.lots {
		v.lot.Source = name + ":" + strings.TrimPrefix(v.lot.Source, "/")
		for i := range v.lot.Contents {
			v.lot.Contents[i].File = name + ":" + strings.TrimPrefix(v.lot.Contents[i].File, "/")
		}
		if err := f.add(v); err != nil {
			return err
		}
	}
	f.root(before, name)
	for _, n := range inner.notes {
		f.note("%s: %s", name, n)
	}
	if inner.config != "" {
		f.note("%s: holds %s, which is not read from an archive; unpack it", name, inner.config)
	}
	f.foreign = append(f.foreign, inner.foreign...)
	f.looked = append(f.looked, inner.looked...)
	return nil
}
