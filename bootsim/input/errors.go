package input

import (
	"fmt"
	"strings"
)

// NothingFoundError tells that nothing under the given paths could be read as
// an image set.
type NothingFoundError struct {
	Searches []Search // what was looked at, in the order given
	Notes    []string // what was seen and could not be used, and why
}

// Search is what was looked for at one path.
type Search struct {
	Path    string
	Looked  []string // what was looked for there, a phrase each
	Present []string // what lies there instead, as far as it was looked at
}

func (e *NothingFoundError) Error() string {
	var b strings.Builder
	b.WriteString("no image set found")
	for _, s := range e.Searches {
		fmt.Fprintf(&b, "\n%s: looked for %s", s.Path, strings.Join(s.Looked, "; "))
		if len(s.Present) > 0 {
			fmt.Fprintf(&b, "; there is %s", strings.Join(s.Present, ", "))
		}
	}
	for _, n := range e.Notes {
		b.WriteString("\n" + n)
	}
	b.WriteString("\nname the files with their addresses: --flash-args \"0x1000 bootloader.bin 0x8000 partition-table.bin 0x10000 app.bin\"")
	return b.String()
}

// FileError tells what is wrong with a file, and where in it.
type FileError struct {
	File   string
	Line   int    // of a text file, from 1; 0: not known
	Offset int64  // of a binary file; -1: not known
	Reason string // what is wrong and what to do next
	Err    error  // what caused it, or nil
}

func (e *FileError) Error() string {
	where := e.File
	switch {
	case e.Line > 0:
		where = fmt.Sprintf("%s:%d", e.File, e.Line)
	case e.Offset >= 0:
		where = fmt.Sprintf("%s: offset 0x%08x", e.File, e.Offset)
	}
	if e.Err == nil {
		return where + ": " + e.Reason
	}
	return fmt.Sprintf("%s: %s: %v", where, e.Reason, e.Err)
}

// Unwrap returns what caused the error.
func (e *FileError) Unwrap() error { return e.Err }

// SizeError tells that a file, or all files together, are larger than any
// image set of an ESP32 can be.
type SizeError struct {
	File  string
	Size  int64 // bytes; of all files read so far when Total is set
	Limit int64 // bytes
	Total bool
}

func (e *SizeError) Error() string {
	if e.Total {
		return fmt.Sprintf("%s: reading it would make %d bytes in all, more than the %d that are read in one run; name fewer files or folders",
			e.File, e.Size, e.Limit)
	}
	if e.Limit < MaxFile {
		return fmt.Sprintf("%s: %d bytes; of a text that tells what to flash, no more than %d are read", e.File, e.Size, e.Limit)
	}
	return fmt.Sprintf("%s: %d bytes, and files over %d bytes are not read: an ESP32 has at most 16 MB (%d bytes) of flash; name the image file itself",
		e.File, e.Size, e.Limit, maxFlash)
}

// ChipError tells that an image set is for another chip than the classic ESP32.
type ChipError struct {
	File string // what says so
	Chip string // the chip that it is for, as far as it is known
}

func (e *ChipError) Error() string {
	return fmt.Sprintf("%s: is for %s; only the classic ESP32 is modelled: name a set built for esp32", e.File, e.Chip)
}
