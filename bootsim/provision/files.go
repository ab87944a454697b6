package provision

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/afero"

	"github.com/bootsim/bootsim/bootsim/provision/script"
)

// content is a file that nobody changes any more.
type content struct {
	data []byte
	sum  [sha256.Size]byte
}

func newContent(b []byte) *content { return &content{b, sha256.Sum256(b)} }

// maxInput bounds a file that steps read, in bytes.
const maxInput = 64 << 20

// shelf is the user's files as the plan's steps name them. It only reads.
type shelf struct {
	fs    afero.Fs
	plan  *Plan
	cache map[string]*content // by place; nil: there is none

	assumed []string
}

// find returns a file by the name that a step gives it: where the plan's
// mapping says, where it is named, or by its last name in an image folder.
func (s *shelf) find(name string) *content {
	for _, g := range s.plan.Given {
		if script.Join("", g.Name) == name {
			return s.read(filepath.ToSlash(g.Place))
		}
	}
	if c := s.read(script.Join(s.plan.Dir, name)); c != nil {
		return c
	}
	dirs := s.plan.Images
	if len(dirs) == 0 {
		dirs = []string{s.plan.Dir}
	}
	for _, dir := range dirs {
		if c := s.read(path.Join(dir, path.Base(name))); c != nil {
			s.picked(name, path.Join(dir, path.Base(name)))
			return c
		}
	}
	return nil
}

// picked notes that a file was found by its last name alone.
func (s *shelf) picked(name, place string) {
	text := fmt.Sprintf("%s is %s, found by its last name (--file NAME=PATH states another)", name, place)
	if !slices.Contains(s.assumed, text) {
		s.assumed = append(s.assumed, text)
	}
}

func (s *shelf) read(place string) *content {
	if c, known := s.cache[place]; known {
		return c
	}
	s.cache[place] = nil
	if info, err := s.fs.Stat(filepath.FromSlash(place)); err == nil && info.Mode().IsRegular() && info.Size() <= maxInput {
		if b, err := readBounded(s.fs, filepath.FromSlash(place)); err == nil {
			s.cache[place] = newContent(b)
			s.plan.Read = append(s.plan.Read, place)
		}
	}
	return s.cache[place]
}

func readBounded(fsys afero.Fs, name string) ([]byte, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	return io.ReadAll(io.LimitReader(f, maxInput))
}

// layer is the file system that one step sees: its own writes, those of the
// steps before it, and the user's files below, which stay as they are.
type layer struct {
	afero.Fs // in memory: what this step has opened
	shelf    *shelf
	below    map[string]*content // of the steps before; nil: removed
	dir      string              // where the step runs
	opened   map[string]bool
	written  map[string]bool
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
			out[name] = newContent(b)
		}
	}
	return out
}

func cloned(m map[string]*content) map[string]*content {
	out := make(map[string]*content, len(m)+1)
	for k, v := range m {
		out[k] = v
	}
	return out
}

// operate carries out a file operation of a script.
func (l *layer) operate(tool string, args []string) (map[string]*content, error) {
	if tool == "mkdir" {
		return l.below, nil // folders need not exist here
	}
	out := cloned(l.below)
	if tool == "rm" {
		for _, name := range args {
			out[l.full(name)] = nil
		}
		return out, nil
	}
	target := l.full(args[len(args)-1])
	if strings.HasSuffix(filepath.ToSlash(args[len(args)-1]), "/") || target == "." {
		target = path.Join(target, path.Base(l.full(args[0])))
	}
	data, err := l.gather(tool, args[:len(args)-1])
	if err != nil {
		return nil, err
	}
	out[target] = newContent(data)
	if tool == "mv" {
		out[l.full(args[0])] = nil
	}
	return out, nil
}

// errFileOp tells of an operation without its operands.
var errFileOp = errors.New("a file operation needs a source and a target")

// gather is what a file operation puts into its target.
func (l *layer) gather(tool string, args []string) ([]byte, error) {
	if len(args) == 0 {
		return nil, errFileOp
	}
	if tool == "fill" {
		return filled(args)
	}
	var all []byte
	for _, name := range args {
		full, ok := l.fetch(name)
		if !ok {
			l.missing = append(l.missing, name)
			return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
		}
		b, err := afero.ReadFile(l.Fs, full)
		if err != nil {
			return nil, err
		}
		if all = append(all, b...); len(all) > maxInput {
			return nil, errors.New("more than 64 MB together")
		}
	}
	return all, nil
}
