package input

import (
	"io"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"github.com/bootsim/bootsim/bootsim"
)

// stdin reads what was piped in.
func (f *finder) stdin(r io.Reader) error {
	const source = "standard input"
	if r == nil {
		return fileError(source, "nothing to read from", nil)
	}
	b, err := io.ReadAll(io.LimitReader(r, maxText+1))
	switch {
	case err != nil:
		return fileError(source, "cannot be read", err)
	case len(b) > maxText:
		return &SizeError{File: source, Size: int64(len(b)), Limit: maxText}
	case !utf8.Valid(b):
		return fileError(source, "is no text: pipe in an esptool command line, and name image files on the command line", nil)
	}
	if strings.HasPrefix(strings.TrimSpace(strings.TrimPrefix(string(b), "\uFEFF")), "{") {
		return f.json(source, string(b), []string{""})
	}
	return f.commandLines(source, string(b), []string{""})
}

// commandLines takes command lines that the user gave as one set.
func (f *finder) commandLines(source, text string, bases []string) error {
	all, err := f.describeCommands(source, text, bases, false)
	if err != nil {
		return err
	}
	desc := sequence(all)
	if desc == nil {
		return fileError(source, "holds no address with a file; write it as esptool takes it: "+
			"0x1000 bootloader.bin 0x8000 partition-table.bin 0x10000 app.bin", nil)
	}
	desc.kind, desc.explicit = source, true
	return f.takeAlone(desc, source)
}

// takeAlone makes a lot of a description outside of any folder.
func (f *finder) takeAlone(desc *description, root string) error {
	before := len(f.lots)
	if err := f.take(desc, &folder{path: "", rel: "."}); err != nil {
		return err
	}
	if desc.explicit && len(f.lots) > before {
		root = commonFolder(f.lots[before].lot, strings.TrimLeft(desc.source, "-"))
	}
	if dir := filepath.Dir(root); desc.build && dir != "." {
		root = dir // every build's list has the same name
	}
	f.root(before, root)
	return nil
}

// commonFolder returns the folder that all files of a lot lie in, or other if
// there is none that has a name.
func commonFolder(lot bootsim.Lot, other string) string {
	dir := filepath.Dir(lot.Contents[0].File)
	for _, p := range lot.Contents {
		for dir != "." && dir != filepath.Dir(dir) && !strings.HasPrefix(p.File, dir+string(filepath.Separator)) {
			dir = filepath.Dir(dir)
		}
	}
	if strings.Trim(dir, "./\\") == "" {
		return other
	}
	return dir
}
