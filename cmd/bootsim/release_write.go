package main

import (
	"os"
	"path/filepath"

	"github.com/spf13/afero"

	"github.com/bootsim/bootsim/bootsim/release"
)

// writeRelease writes the folder: every file under a name of its own first, so
// that what stops half-way leaves an older release as it was.
func (a *app) writeRelease(b *release.Built, f *buildFlags) error {
	if err := a.fs.MkdirAll(f.out, 0o755); err != nil {
		return err
	}
	for _, file := range b.Files {
		if err := a.writePart(f.out, &file); err != nil {
			a.dropParts(f.out, b.Files)
			return err
		}
	}
	if err := a.install(f.out, b.Files); err != nil {
		a.dropParts(f.out, b.Files)
		return err
	}
	if !f.quiet {
		a.summary(b, f)
	}
	return nil
}

// partOf is the name of a file until the release is complete. No file of a
// release begins with a dot.
func partOf(dir, name string) string { return filepath.Join(dir, "."+name+".part") }

// writePart writes a file under its first name. What an interrupted build left
// there goes; a link is not followed.
func (a *app) writePart(dir string, c *release.Content) error {
	name := partOf(dir, c.Name)
	_ = a.fs.Remove(name) // what cannot be removed stops the next line
	file, err := a.fs.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	_, err = file.Write(c.Data)
	if closeErr := file.Close(); err == nil {
		err = closeErr
	}
	return err
}

// install gives the files their names. The index of an older release goes first
// and the new one comes last but for the configuration: in between, the folder
// is no release rather than a mixed one.
func (a *app) install(dir string, files []release.Content) error {
	index := filepath.Join(dir, release.IndexFile)
	if there, err := afero.Exists(a.fs, index); err == nil && there {
		if err := a.fs.Remove(index); err != nil {
			return err
		}
	}
	for _, c := range files {
		if err := a.fs.Rename(partOf(dir, c.Name), filepath.Join(dir, c.Name)); err != nil {
			return err
		}
	}
	return nil
}

// dropParts removes what did not get its name.
func (a *app) dropParts(dir string, files []release.Content) {
	for _, c := range files {
		_ = a.fs.Remove(partOf(dir, c.Name)) // the error before it is the one to tell
	}
}
