package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"syscall"
)

// Errno returns what went wrong with a file as Python words it, with the number
// of the error: "[Errno 2] No such file or directory".
func Errno(err error) string {
	code := 0
	switch {
	case errors.Is(err, fs.ErrNotExist):
		code = 2
	case errors.Is(err, fs.ErrPermission):
		code = 13
	case errors.Is(err, syscall.EISDIR):
		code = 21
	}
	if code == 0 {
		return Reason(err)
	}
	return fmt.Sprintf("[Errno %d] %s", code, Reason(err))
}

// Exception returns the name of the exception that Python raises where a file
// cannot be used.
func Exception(err error) string {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "FileNotFoundError"
	case errors.Is(err, fs.ErrPermission):
		return "PermissionError"
	case errors.Is(err, syscall.EISDIR):
		return "IsADirectoryError"
	}
	return "OSError"
}
