package provision

import (
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/afero"

	"github.com/bootsim/bootsim/bootsim/provision/script"
)

// layer is the file system that one step sees: its own writes, those of the
// steps before it, and the user's files below, which stay as they are.
type layer struct {
	afero.Fs // in memory: what this step has opened
	shelf    *shelf
	below    map[string]*content // of the steps before; nil: removed
	dir      string              // where the step runs
	opened   map[string]bool
	written  map[string]bool
	bytes    int64    // that were read
	missing  []string // names that were read and not found
}

func newLayer(s *shelf, below map[string]*content, dir string) *layer {
	return &layer{Fs: afero.NewMemMapFs(), shelf: s, below: below, dir: dir, opened: map[string]bool{}, written: map[string]bool{}}
}

// full is a name as files are known by.
func (l *layer) full(name string) string { return script.Join(l.dir, filepath.ToSlash(name)) }

// fetch brings a file into the step's memory if there is one.
func (l *layer) fetch(name string) (string, bool) {
	name = l.full(name)
	if l.opened[name] {
		return name, true
	}
	c, layered := l.below[name]
	if !layered {
		c = l.shelf.find(name)
	}
	if c == nil {
		return name, false
	}
	l.opened[name] = true
	l.bytes += int64(len(c.data))
	return name, afero.WriteFile(l.Fs, name, c.data, 0o644) == nil
}

// Open opens a file for reading.
func (l *layer) Open(name string) (afero.File, error) {
	full, ok := l.fetch(name)
	if !ok {
		l.missing = append(l.missing, name)
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return l.Fs.Open(full)
}

// absence tells why a file is missing: what the steps removed is not there,
// whatever lies below.
func (l *layer) absence(name string) string {
	full := l.full(name)
	if _, layered := l.below[full]; layered {
		return notThere
	}
	return l.shelf.absence(full)
}

// OpenFile opens a file for reading or writing.
func (l *layer) OpenFile(name string, flag int, perm os.FileMode) (afero.File, error) {
	if flag&(os.O_WRONLY|os.O_RDWR|os.O_CREATE) == 0 {
		return l.Open(name)
	}
	full, _ := l.fetch(name)
	f, err := l.Fs.OpenFile(full, flag, perm)
	if err == nil {
		l.opened[full], l.written[full] = true, true
	}
	return f, err
}

// Create makes a file anew.
func (l *layer) Create(name string) (afero.File, error) {
	return l.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o644)
}

// Stat tells about a file.
func (l *layer) Stat(name string) (os.FileInfo, error) {
	full, ok := l.fetch(name)
	if !ok {
		return nil, &fs.PathError{Op: "stat", Path: name, Err: fs.ErrNotExist}
	}
	return l.Fs.Stat(full)
}

// after is the files that the next step finds.
func (l *layer) after() map[string]*content {
	if len(l.written) == 0 {
		return l.below
	}
	out := cloned(l.below)
	for name := range l.written {
		if b, err := afero.ReadFile(l.Fs, name); err == nil {
			out[name] = l.shelf.keep(b)
		}
	}
	return out
}

// maxFiles bounds the files that the steps of a plan have written, in bytes.
const maxFiles = 256 << 20

func total(files map[string]*content) (n int64) {
	for _, c := range files {
		if c != nil {
			n += int64(len(c.data))
		}
	}
	return n
}

func cloned(m map[string]*content) map[string]*content {
	out := make(map[string]*content, len(m)+1)
	for k, v := range m {
		out[k] = v
	}
	return out
}
