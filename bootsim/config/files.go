package config

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"path/filepath"

	"github.com/spf13/afero"
	"go.yaml.in/yaml/v3"

	"github.com/bootsim/bootsim/bootsim/whole"
)

// Bounds of the files that a configuration names, in bytes.
const (
	maxImage  = 16 << 20  // the largest flash
	maxSmall  = 1 << 20   // keys, eFuse dumps, partition tables
	maxLoaded = 512 << 20 // all files together
)

// files reads what a configuration names, each file once.
type files struct {
	fs     afero.Fs
	dir    string
	cache  map[string][]byte
	loaded int64
}

func newFiles(fs afero.Fs, dir string) *files {
	return &files{fs: fs, dir: dir, cache: map[string][]byte{}}
}

// in reads for a configuration in another folder. Both share what they read,
// and the limit on it.
func (f *files) in(dir string) *files {
	return &files{fs: f.fs, dir: dir, cache: f.cache, loaded: f.loaded}
}

// shown is the path of a file as it is found and reported.
func (f *files) shown(name string) string {
	name = filepath.ToSlash(name)
	if path.IsAbs(name) || filepath.IsAbs(filepath.FromSlash(name)) {
		return name
	}
	return path.Join(f.dir, name)
}

// read returns a file's content, which callers share and must not change.
func (f *files) read(name string, limit int64) ([]byte, error) {
	p := f.shown(name)
	if b, ok := f.cache[p]; ok && int64(len(b)) <= limit {
		return b, nil
	}
	b, err := readLimited(f.fs, filepath.FromSlash(p), limit)
	if err != nil {
		return nil, err
	}
	if f.loaded += int64(len(b)); f.loaded > maxLoaded {
		return nil, fmt.Errorf("all files together are over %d MB: split the configuration", maxLoaded>>20)
	}
	f.cache[p] = b
	return b, nil
}

// readLimited reads a regular file that is not empty and not over the limit.
func readLimited(fsys afero.Fs, name string, limit int64) ([]byte, error) {
	info, err := fsys.Stat(name)
	switch {
	case err != nil:
		return nil, err
	case info.IsDir():
		return nil, errors.New("it is a folder, not a file")
	case !info.Mode().IsRegular():
		return nil, errors.New("it is no regular file")
	}
	file, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	// The size that Stat tells need not be the one that reading finds.
	b, err := whole.ReadFile(file, limit+1)
	switch {
	case err != nil:
		return nil, err
	case len(b) == 0:
		return nil, errors.New("it is empty")
	case int64(len(b)) > limit:
		return nil, fmt.Errorf("it is over %d bytes, the most that such a file can have", limit)
	}
	return b, nil
}

// load reads the file that a node names and reports what is wrong with it.
func (l *loader) load(at *yaml.Node, name string, limit int64) ([]byte, bool) {
	if name == "" {
		return nil, false
	}
	b, err := l.files.read(name, limit)
	switch {
	case err == nil:
		return b, true
	case errors.Is(err, fs.ErrNotExist):
		l.fail(at, "there is no file %q: paths are relative to the configuration's folder", clip(l.files.shown(name)))
	default:
		l.fail(at, "cannot read %q: %v", clip(l.files.shown(name)), reason(err))
	}
	return nil, false
}

// reason is an error without the path that the message already has.
func reason(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}
