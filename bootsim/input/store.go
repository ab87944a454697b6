package input

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"github.com/spf13/afero"

	"github.com/bootsim/bootsim/bootsim/whole"
)

// store reads files and counts what it has read. It never writes.
type store struct {
	fs    afero.Fs
	used  int64
	whole map[string][]byte
	heads map[string][]byte
}

func newStore(fs afero.Fs) *store {
	return &store{fs: fs, whole: map[string][]byte{}, heads: map[string][]byte{}}
}

// stat describes an existing regular file or folder.
func (s *store) stat(name string) (fs.FileInfo, error) {
	info, err := s.fs.Stat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fileError(name, "there is no such file or folder", nil)
	case err != nil:
		return nil, fileError(name, "cannot be read", cause(err))
	case !info.IsDir() && !info.Mode().IsRegular():
		return nil, fileError(name, "is no regular file; only files and folders are read", nil)
	}
	return info, nil
}

// isFile tells whether name is a regular file.
func (s *store) isFile(name string) bool {
	info, err := s.stat(name)
	return err == nil && !info.IsDir()
}

func (s *store) isFolder(name string) bool {
	info, err := s.stat(name)
	return err == nil && info.IsDir()
}

// read returns a whole file that is not empty. Its bytes are shared: do not
// change them.
func (s *store) read(name string) ([]byte, error) {
	key := filepath.Clean(name)
	if b, ok := s.whole[key]; ok {
		return b, nil
	}
	b, err := s.load(name, MaxFile)
	if err != nil {
		return nil, err
	}
	s.whole[key] = b
	return b, nil
}

// head returns the first headSize bytes of a file, or all if it is shorter.
func (s *store) head(name string) ([]byte, error) {
	key := filepath.Clean(name)
	if b, ok := s.whole[key]; ok {
		return b[:min(len(b), headSize)], nil
	}
	if b, ok := s.heads[key]; ok {
		return b, nil
	}
	b, err := s.load(name, headSize)
	var size *SizeError
	if errors.As(err, &size) && !size.Total && size.Size <= MaxFile {
		b, err = s.prefix(name, headSize)
	}
	if err != nil {
		return nil, err
	}
	s.heads[key] = b
	return b, nil
}

// load reads a whole file of at most limit bytes.
func (s *store) load(name string, limit int64) ([]byte, error) {
	info, err := s.stat(name)
	switch {
	case err != nil:
		return nil, err
	case info.IsDir():
		return nil, fileError(name, "is a folder; name a file", nil)
	case info.Size() > limit:
		return nil, &SizeError{File: name, Size: info.Size(), Limit: limit}
	}
	b, err := s.prefix(name, limit+1)
	if err != nil {
		return nil, err
	}
	if int64(len(b)) > limit {
		return nil, &SizeError{File: name, Size: int64(len(b)), Limit: limit}
	}
	if len(b) == 0 {
		return nil, fileError(name, "the file is empty; build it again", nil)
	}
	return b, nil
}

// prefix reads up to n bytes from the start of a file.
func (s *store) prefix(name string, n int64) ([]byte, error) {
	f, err := s.fs.Open(name)
	if err != nil {
		return nil, fileError(name, "cannot be opened", cause(err))
	}
	defer f.Close()
	if left := MaxTotal - s.used; n > left {
		n = left + 1
	}
	b, err := whole.ReadFile(f, n)
	if err != nil {
		return nil, fileError(name, "cannot be read", cause(err))
	}
	if s.used += int64(len(b)); s.used > MaxTotal {
		return nil, &SizeError{File: name, Size: s.used, Limit: MaxTotal, Total: true}
	}
	return b, nil
}

// text returns a text file.
func (s *store) text(name string) (string, error) {
	b, err := s.load(name, maxText)
	if err != nil {
		return "", err
	}
	if !utf8.Valid(b) || strings.ContainsRune(string(b), 0) {
		return "", fileError(name, "is no text in UTF-8", nil)
	}
	return strings.TrimPrefix(string(b), "\uFEFF"), nil
}

func fileError(name, reason string, err error) *FileError {
	return &FileError{File: name, Offset: -1, Reason: reason, Err: err}
}

// cause drops the file's name from an error that is reported with it.
func cause(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}

// ReadFile returns the content of a file, refusing what cannot be an image:
// folders, empty files, files over MaxFile bytes. Errors: *FileError, *SizeError.
func ReadFile(fs afero.Fs, name string) ([]byte, error) {
	return newStore(fs).read(name)
}

func plural(n int, what string) string {
	if n == 1 {
		return fmt.Sprintf("1 %s", what)
	}
	return fmt.Sprintf("%d %ss", n, what)
}
