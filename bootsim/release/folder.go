package release

import (
	"errors"
	"fmt"
	"path"
	"path/filepath"
	"slices"

	"github.com/spf13/afero"

	"github.com/bootsim/bootsim/bootsim/release/bundle"
	"github.com/bootsim/bootsim/bootsim/whole"
)

// Limits of what is read from a release folder, in bytes.
const (
	maxIndex  = 4 << 20
	maxFolder = 512 << 20 // all files together
)

// Folder is a release as it lies on disk.
type Folder struct {
	Dir   string
	Index *Index
	// Files holds every file that the index names and that is there, whether or
	// not it is the one that the index means.
	Files map[string][]byte
}

// FileError tells what is wrong with a file of a release.
type FileError struct {
	File string
	Err  error
}

func (e *FileError) Error() string { return fmt.Sprintf("%s: %v", e.File, e.Err) }

// Unwrap returns the cause.
func (e *FileError) Unwrap() error { return e.Err }

// Open reads the index of a folder and the files that it names. A file that is
// missing is not among Files; Damaged lists what is wrong. Errors: *FileError,
// with an *IndexError in it for an index that is none.
func Open(fs afero.Fs, dir string) (*Folder, error) {
	name := path.Join(filepath.ToSlash(dir), IndexFile)
	text, err := readFile(fs, name, maxIndex)
	if err == nil && len(text) > maxIndex {
		err = fmt.Errorf("it is over %d bytes", maxIndex)
	}
	if err != nil {
		return nil, &FileError{name, fmt.Errorf("cannot read the index of a release (`bootsim release build` writes one): %w", err)}
	}
	x, err := DecodeIndex(text)
	if err != nil {
		return nil, &FileError{name, err}
	}
	f := &Folder{Dir: filepath.ToSlash(dir), Index: x, Files: map[string][]byte{}}
	total := 0
	for _, a := range x.Files() {
		data, err := readFile(fs, f.Path(a.Name), int64(a.Size))
		if err != nil {
			continue
		}
		if total += len(data); total > maxFolder {
			return nil, &FileError{name, fmt.Errorf("the files of the release are over %d MB together", maxFolder>>20)}
		}
		f.Files[a.Name] = data
	}
	return f, nil
}

// Path is where a file of the folder lies.
func (f *Folder) Path(name string) string { return path.Join(f.Dir, name) }

// Files lists every file that the index names, once, in its order.
func (x *Index) Files() []File {
	var out []File
	seen := map[string]bool{}
	add := func(f File) {
		if !seen[f.Name] {
			seen[f.Name] = true
			out = append(out, f)
		}
	}
	for _, l := range x.Lots {
		for _, u := range l.Updates {
			if u.Artifact != nil {
				add(u.Artifact.File)
			}
		}
	}
	if x.Bundle != nil {
		add(*x.Bundle)
	}
	return out
}

// Damaged tells which files are missing or are not those that the index means,
// by name, with what is wrong.
func (f *Folder) Damaged() map[string]string {
	out := map[string]string{}
	for _, a := range f.Index.Files() {
		if problem := f.problem(&a); problem != "" {
			out[a.Name] = problem
		}
	}
	return out
}

func (f *Folder) problem(a *File) string {
	data, there := f.Files[a.Name]
	switch {
	case !there:
		return "it is missing or cannot be read"
	case uint64(len(data)) > uint64(a.Size):
		return fmt.Sprintf("it has more than the %d bytes that the index tells", a.Size)
	case uint64(len(data)) < uint64(a.Size):
		return fmt.Sprintf("it has %d bytes, and the index tells %d", len(data), a.Size)
	case !a.intact(data):
		return "its SHA-256 is not the one in the index"
	}
	return ""
}

// readFile reads a regular file, of a larger one the limit and one byte more.
func readFile(fs afero.Fs, name string, limit int64) ([]byte, error) {
	name = filepath.FromSlash(name)
	info, err := fs.Stat(name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, errors.New("it is no regular file")
	}
	file, err := fs.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return whole.ReadFile(file, limit+1)
}

// ReadBundle reads a bundle that lies by itself. Errors: *FileError, with a
// *bundle.FormatError in it for a file that is none.
func ReadBundle(fs afero.Fs, name string) (*bundle.Bundle, error) {
	data, err := readFile(fs, name, bundle.MaxSize)
	if err != nil {
		return nil, &FileError{name, err}
	}
	b, err := bundle.Decode(data)
	if err != nil {
		return nil, &FileError{name, err}
	}
	return b, nil
}

// Names tells whether the index names a file.
func (f *Folder) Names(file string) bool {
	return slices.ContainsFunc(f.Index.Files(), func(a File) bool { return a.Name == file })
}
