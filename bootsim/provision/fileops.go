package provision

import (
	"errors"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/afero"
)

// operate carries out a file operation of a script.
func (l *layer) operate(tool string, args []string) (map[string]*content, error) {
	if tool == "mkdir" {
		return l.below, nil // folders need not exist here
	}
	out := cloned(l.below)
	if tool == "rm" {
		for _, name := range args {
			out[l.full(name)] = nil
		}
		return out, nil
	}
	target := l.full(args[len(args)-1])
	if strings.HasSuffix(filepath.ToSlash(args[len(args)-1]), "/") || target == "." {
		target = path.Join(target, path.Base(l.full(args[0])))
	}
	data, err := l.gather(tool, args[:len(args)-1])
	if _, there := l.fetch(target); err == nil && tool == "append" && there {
		var old []byte
		old, err = l.gather(tool, args[len(args)-1:])
		data = append(slices.Clip(old), data...)
	}
	if err != nil {
		return nil, err
	}
	out[target] = l.shelf.keep(data)
	if tool == "mv" {
		out[l.full(args[0])] = nil
	}
	return out, nil
}

// errFileOp tells of an operation without its operands.
var errFileOp = errors.New("a file operation needs a source and a target")

// gather is what a file operation puts into its target.
func (l *layer) gather(tool string, args []string) ([]byte, error) {
	if len(args) == 0 {
		return nil, errFileOp
	}
	if tool == "fill" {
		return filled(args)
	}
	var all []byte
	for _, name := range args {
		full, ok := l.fetch(name)
		if !ok {
			l.missing = append(l.missing, name)
			return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
		}
		b, err := afero.ReadFile(l.Fs, full)
		if err != nil {
			return nil, err
		}
		if all = append(all, b...); len(all) > maxInput {
			return nil, errors.New("more than 64 MB together")
		}
	}
	return all, nil
}
