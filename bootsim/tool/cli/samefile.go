package cli

import (
	"os"
	"path/filepath"
)

// SameFile tells whether two names are those of one existing file, so that a
// tool can refuse to write over its input. "-" is no file.
func (e Env) SameFile(a, b string) bool {
	if a == "-" || b == "-" {
		return false
	}
	first, err := e.FS.Stat(a)
	if err != nil {
		return false
	}
	second, err := e.FS.Stat(b)
	if err != nil {
		return false
	}
	return filepath.Clean(a) == filepath.Clean(b) || os.SameFile(first, second)
}
