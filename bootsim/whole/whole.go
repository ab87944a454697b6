// Package whole reads files whole, into one buffer of their size where that is known.
// A buffer that grows costs several times what reading costs: each larger one is
// cleared by the system, page by page, and copied to.
package whole

import (
	"bytes"
	"errors"
	"io"
	"slices"

	"github.com/spf13/afero"
)

// Read reads r to its end, but no more than most bytes. size is how many there should
// be, and only says how large the first buffer is: it may be wrong in either
// direction, 0 or less where nobody knows.
func Read(r io.Reader, size, most int64) ([]byte, error) {
	// One more byte than there is lets the last Read tell the end.
	b := make([]byte, 0, max(min(size, most-1)+1, bytes.MinRead))
	r = io.LimitReader(r, most)
	for {
		n, err := r.Read(b[len(b):cap(b)])
		b = b[:len(b)+n]
		switch {
		case errors.Is(err, io.EOF), int64(len(b)) == most:
			return b, nil
		case err != nil:
			return b, err
		case len(b) == cap(b):
			b = slices.Grow(b, 1)
		}
	}
}

// ReadFile is Read with the size that f has.
func ReadFile(f afero.File, most int64) ([]byte, error) { return Read(f, Size(f), most) }

// Size is how many bytes a regular file says that it has, 0 for anything else.
func Size(f afero.File) int64 {
	info, err := f.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return 0
	}
	return info.Size()
}
