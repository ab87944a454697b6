package cli

import (
	"errors"
	"io"

	"github.com/spf13/afero"

	"github.com/bootsim/bootsim/bootsim/whole"
)

// ChunkSize is how much of a large file is in memory at a time, in bytes: what a
// core's second-level cache holds while it is read, changed and written. A buffer for
// all of it would cost more than these three, because the system clears its pages.
const ChunkSize = 128 << 10

// Content is what an input file holds, to be gone through once. A regular file is
// read as far as it reached when it was opened, anything else to its end.
type Content struct {
	name string
	size int64
	head []byte     // the first chunk; everything where there is no rest
	rest afero.File // nil where there is none
}

// OpenInput opens an input file, or standard input for "-", and reads its first
// chunk. Of a file larger than limit one byte more than limit is read, so that the
// caller can tell by Size; so it is of standard input, which is read at once.
func (e Env) OpenInput(name string, limit int64) (*Content, error) {
	if name == "-" {
		return inMemory(name)(whole.Read(e.Stdin, 0, limit+1))
	}
	f, size, err := e.open(name)
	if err != nil {
		return nil, err
	}
	if size <= ChunkSize || size > limit {
		defer func() { _ = f.Close() }()
		return inMemory(name)(whole.Read(f, size, limit+1))
	}
	c := &Content{name: name, size: size, head: make([]byte, ChunkSize, ChunkSize+slack), rest: f}
	switch n, err := io.ReadFull(f, c.head); {
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		// What a system shows as a file need not be as long as it says.
		_ = f.Close()
		c.head, c.size, c.rest = c.head[:n], int64(n), nil
	case err != nil:
		_ = f.Close()
		return nil, err
	}
	return c, nil
}

func inMemory(name string) func([]byte, error) (*Content, error) {
	return func(b []byte, err error) (*Content, error) {
		return &Content{name: name, size: int64(len(b)), head: b}, err
	}
}

// Size is how many bytes there are.
func (c *Content) Size() int64 { return c.size }

// Close closes the file. All but All and Pipe, which do it, have to.
func (c *Content) Close() {
	if c.rest != nil {
		_ = c.rest.Close()
		c.rest = nil
	}
}

// All returns all of it in memory. The error is a *ReadError.
func (c *Content) All() ([]byte, error) {
	if c.rest == nil {
		return c.head, nil
	}
	defer c.Close()
	b := append(make([]byte, 0, c.size), c.head...)[:c.size]
	return b, c.read(b[len(c.head):])
}

// read reads what comes next and has to be there.
func (c *Content) read(b []byte) error {
	_, err := io.ReadFull(c.rest, b)
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		err = errShrunk
	}
	if err != nil {
		return &ReadError{Name: c.name, Err: err}
	}
	return nil
}

var errShrunk = errors.New("the file became shorter while it was read; try again when nothing writes to it")

// ReadError tells that an input could not be read to its end.
type ReadError struct {
	Name string
	Err  error
}

// Error names the file and what happened.
func (e *ReadError) Error() string { return e.Name + ": " + Reason(e.Err) }

// Unwrap returns what happened.
func (e *ReadError) Unwrap() error { return e.Err }
