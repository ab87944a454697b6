package provision

import (
	"crypto/sha256"
	"fmt"
	"path"
	"path/filepath"
	"slices"

	"github.com/spf13/afero"

	"github.com/bootsim/bootsim/bootsim/provision/script"
	"github.com/bootsim/bootsim/bootsim/whole"
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
	cache map[string]*content            // by place; nil: there is none
	kept  map[[sha256.Size]byte]*content // what steps wrote, once each

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

// keep is a content that a step wrote. The same bytes are held once.
func (s *shelf) keep(b []byte) *content {
	c := newContent(b)
	if known := s.kept[c.sum]; known != nil {
		return known
	}
	s.kept[c.sum] = c
	return c
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

// absence tells why a file that a step names cannot be read, as a clause.
func (s *shelf) absence(name string) string {
	place := script.Join(s.plan.Dir, name)
	for _, g := range s.plan.Given {
		if script.Join("", g.Name) == name {
			place = filepath.ToSlash(g.Place)
			break
		}
	}
	info, err := s.fs.Stat(filepath.FromSlash(place))
	switch {
	case err != nil:
		return notThere
	case info.IsDir():
		return "is a folder"
	case !info.Mode().IsRegular():
		return "is no regular file"
	case info.Size() > maxInput:
		return "is larger than 64 MB"
	}
	return notThere
}

const notThere = "is not there"

func readBounded(fsys afero.Fs, name string) ([]byte, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	return whole.ReadFile(f, maxInput)
}
