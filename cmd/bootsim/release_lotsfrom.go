package main

import (
	"os"
	"path/filepath"

	"github.com/spf13/afero"
)

// lotsFrom is how the configuration in a folder names that of the lots: by the
// way from the folder, so that both can move together. Where the folder is
// reached through a symbolic link, that way differs with the name that the
// folder is called by, and the path is absolute.
func (a *app) lotsFrom(dir, file string) string {
	rel := between(dir, file)
	if _, real := a.fs.(*afero.OsFs); !real || filepath.IsAbs(filepath.FromSlash(rel)) {
		return rel // no other file system has links
	}
	want, err := a.fs.Stat(filepath.FromSlash(file))
	if err != nil {
		return rel
	}
	got, err := a.fs.Stat(filepath.Join(resolved(clean(dir)), filepath.FromSlash(rel)))
	if err == nil && os.SameFile(want, got) {
		return rel
	}
	return filepath.ToSlash(clean(file))
}

// resolved is an absolute path without symbolic links. What is not there yet
// has none.
func resolved(dir string) string {
	if real, err := filepath.EvalSymlinks(dir); err == nil {
		return real
	}
	parent := filepath.Dir(dir)
	if parent == dir {
		return dir
	}
	return filepath.Join(resolved(parent), filepath.Base(dir))
}

// between is how a file is named from a folder.
func between(dir, file string) string {
	rel, err := filepath.Rel(filepath.FromSlash(dir), filepath.FromSlash(file))
	if err != nil { // one of them is absolute, or the way leads through a parent
		rel, err = filepath.Rel(clean(dir), clean(file))
	}
	if err != nil {
		return filepath.ToSlash(clean(file))
	}
	return filepath.ToSlash(rel)
}
