package main

import (
	"bytes"
	"io"
	"path/filepath"

	"github.com/spf13/afero"

	"github.com/bootsim/bootsim/bootsim"
)

// writeReport writes one report file. It refuses to replace a file that is not
// a report, because an input named by mistake must survive.
func (a *app) writeReport(t target, r *bootsim.Report) error {
	size, err := a.present("--output", t.file)
	if err != nil {
		return err
	}
	if size > 0 && !isReport(a.head(t.file)) {
		return usagef("--output %s: the file exists and is no report; remove it or choose another name", t.file)
	}
	var b bytes.Buffer
	if err := t.Write(&b, r); err != nil {
		return err
	}
	if dir := filepath.Dir(t.file); dir != "." {
		if err := a.fs.MkdirAll(dir, 0o755); err != nil {
			return err
		}
	}
	return afero.WriteFile(a.fs, t.file, b.Bytes(), 0o644)
}

// head is the beginning of a file, nil if it cannot be read.
func (a *app) head(name string) []byte {
	f, err := a.fs.Open(name)
	if err != nil {
		return nil
	}
	defer f.Close()
	b := make([]byte, 4096)
	n, _ := io.ReadFull(f, b) // a shorter file is whole
	return b[:n]
}

// isReport tells text from images by how they begin: reports have no zero bytes
// and are UTF-8.
func isReport(b []byte) bool {
	return len(b) == 0 || !bytes.ContainsRune(b, 0) && b[0] != 0xE9 && b[0] != 0xAA && b[0] != 0xFF
}

// present is the size of a regular file that an option names as an output, 0 where
// there is none. What is neither file nor folder, such as /dev/stdout, is not to be
// read: a pipe would never end.
func (a *app) present(option, name string) (int64, error) {
	info, err := a.fs.Stat(name)
	switch {
	case err != nil:
		return 0, nil //nolint:nilerr // writing it will tell
	case info.IsDir():
		return 0, usagef("%s %s: that is a folder; name a file in it", option, name)
	case !info.Mode().IsRegular():
		return 0, nil
	}
	return info.Size(), nil
}
