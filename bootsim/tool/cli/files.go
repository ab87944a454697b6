package cli

import (
	"errors"
	"io/fs"
	"syscall"

	"github.com/spf13/afero"

	"github.com/bootsim/bootsim/bootsim/whole"
)

// Reason returns what went wrong with a file in the words of the operating
// system, as the tools show it.
func Reason(err error) string {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "No such file or directory"
	case errors.Is(err, fs.ErrPermission):
		return "Permission denied"
	case errors.Is(err, syscall.EISDIR):
		return "Is a directory"
	}
	return err.Error()
}

// ReadInput reads an input file, or standard input for "-". Of a larger file
// it returns one byte more than limit, so that the caller can tell.
func (e Env) ReadInput(name string, limit int64) ([]byte, error) {
	if name == "-" {
		return whole.Read(e.Stdin, 0, limit+1)
	}
	f, size, err := e.open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	return whole.Read(f, size, limit+1)
}

// open opens an input file. size is what a regular file has, 0 for anything else.
func (e Env) open(name string) (f afero.File, size int64, err error) {
	if dir, err := afero.IsDir(e.FS, name); err == nil && dir {
		return nil, 0, &fs.PathError{Op: "read", Path: name, Err: syscall.EISDIR}
	}
	if f, err = e.FS.Open(name); err != nil {
		return nil, 0, err
	}
	return f, whole.Size(f), nil
}

// WarnReplaced warns that an output is about to replace a file that its owner
// alone may read, as key files are. The reference tools replace it without a word.
func (e Env) WarnReplaced(name string) {
	info, err := e.FS.Stat(name)
	if err != nil || !info.Mode().IsRegular() || info.Size() == 0 || info.Mode().Perm()&0o077 != 0 {
		return
	}
	e.Warn("%s is replaced: only its owner could read it, as it is with key files.", name)
}
