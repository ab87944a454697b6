package cli

import "io"

// slack is how many bytes may be appended to a chunk in place: a block of AES.
const slack = 16

// Change makes of a chunk, which begins at offset at, what is written in its place.
// It may change the chunk itself, and lengthen the last one by up to 16 bytes.
type Change func(at int64, chunk []byte) ([]byte, error)

// Pipe writes the content to w, changed chunk by chunk, and closes the file. A chunk
// is written while the next one is read and changed; w is not used after the return.
// What cannot be read is a *ReadError. After any error w has the beginning of the
// output, or nothing.
func (c *Content) Pipe(w io.Writer, change Change) error {
	defer c.Close()
	if c.rest == nil {
		b, err := change(0, c.head)
		if err == nil {
			_, err = w.Write(b)
		}
		return err
	}
	full, empty, written := make(chan []byte, 1), make(chan []byte, buffers), make(chan error, 1)
	empty <- c.head
	for range buffers - 1 {
		empty <- make([]byte, ChunkSize, ChunkSize+slack)
	}
	go func() { written <- drain(w, full, empty) }()
	err := c.changed(change, full, empty)
	close(full)
	if failed := <-written; err == nil {
		err = failed
	}
	return err
}

// buffers is how many chunks are in memory: one that is read and changed, one that is
// written, and one between.
const buffers = 3

// changed reads and changes one chunk after the other. The first is in its buffer.
func (c *Content) changed(change Change, full chan<- []byte, empty <-chan []byte) error {
	for at := int64(0); at < c.size; at += ChunkSize {
		chunk := (<-empty)[:min(ChunkSize, c.size-at)]
		if at > 0 {
			if err := c.read(chunk); err != nil {
				return err
			}
		}
		b, err := change(at, chunk)
		if err != nil {
			return err
		}
		full <- b
	}
	return nil
}

// drain writes chunks and hands their memory back. After an error it only does the
// latter.
func drain(w io.Writer, full <-chan []byte, empty chan<- []byte) (err error) {
	for b := range full {
		if err == nil {
			_, err = w.Write(b)
		}
		empty <- b
	}
	return err
}
