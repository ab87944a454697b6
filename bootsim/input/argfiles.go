package input

import (
	"errors"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/bootsim/bootsim/bootsim/input/cmdline"
)

// readArgFile returns the text of a file that a command line names with @.
func (f *finder) readArgFile(bases []string) func(string) (string, error) {
	return func(name string) (string, error) {
		d := &description{bases: bases}
		file, _, ok := f.resolve(d, name)
		if !ok {
			return "", fileError(name, "there is no such file", nil)
		}
		return f.store.text(file)
	}
}

// describeCommands reads the flash commands of a text. Errors: *FileError.
func (f *finder) describeCommands(source, text string, bases []string, lenient bool) ([]*description, error) {
	commands, err := cmdline.Parse(text, cmdline.Options{ReadFile: f.readArgFile(bases), Lenient: lenient})
	if err != nil {
		return nil, commandError(source, err)
	}
	var out []*description
	for _, c := range commands {
		d := &description{
			source: source, bases: bases, chip: c.Chip,
			settings: flashSettings{mode: c.Mode, freq: c.Freq, size: c.Size},
		}
		for _, p := range c.Pairs {
			d.writes = append(d.writes, write{
				address: p.Address, file: p.File, role: roleFromName(p.File), encrypt: p.Encrypt, line: p.Line})
			d.bases = withArgBase(d.bases, p.From)
		}
		if c.Verb == cmdline.Erase || c.EraseAll {
			out = slices.DeleteFunc(out, func(before *description) bool {
				return before.chip == d.chip || before.chip == "" || d.chip == ""
			})
		}
		if len(d.writes) > 0 {
			out = append(out, d)
		}
	}
	return out, nil
}

// withArgBase adds the folder of an argument file, which its file names are
// usually relative to.
func withArgBase(bases []string, from string) []string {
	if dir := filepath.Dir(slashed(from)); from != "" && dir != "." && !slices.Contains(bases, dir) {
		return append(slices.Clone(bases), dir)
	}
	return bases
}

// commandError tells where a command line is wrong.
func commandError(source string, err error) error {
	var bad *cmdline.Error
	if !errors.As(err, &bad) {
		return fileError(source, "not readable as an esptool command line", err)
	}
	if bad.Source != "" {
		source = bad.Source
	}
	reason := bad.Reason
	if bad.Word != "" {
		reason = "\"" + bad.Word + "\": " + reason
	}
	return &FileError{File: source, Line: bad.Line, Offset: -1, Reason: reason}
}

// sequence joins commands that are run one after the other: a later file takes
// the place of an earlier one at its address.
func sequence(all []*description) *description {
	if len(all) == 0 {
		return nil
	}
	d := *all[0]
	d.writes = slices.Clone(d.writes)
	for _, next := range all[1:] {
		if next.foreign() != d.foreign() {
			continue
		}
		for _, w := range next.writes {
			d.writes = slices.DeleteFunc(d.writes, func(before write) bool { return before.address == w.address })
			d.writes = append(d.writes, w)
		}
		if next.has(bootloaderAddress) {
			d.settings = next.settings
		}
		d.bases = append(slices.Clone(d.bases), next.bases...)
	}
	return &d
}

// collides tells whether two descriptions put different files at one address.
func collides(a, b *description) bool {
	for _, w := range a.writes {
		for _, v := range b.writes {
			if w.address == v.address && !strings.EqualFold(path.Clean(slashed(w.file)), path.Clean(slashed(v.file))) {
				return true
			}
		}
	}
	return false
}

// isArgFileName tells the argument files that builds write, flash_args and its
// kin, by their names.
func isArgFileName(name string) bool {
	n := strings.ToLower(name)
	if strings.HasSuffix(n, ".json") || strings.HasSuffix(n, ".in") || strings.HasSuffix(n, ".bin") {
		return false
	}
	return n == "download.config" || strings.Contains(n, "flash") && strings.Contains(n, "args")
}

// isScriptName tells files that may hold esptool command lines.
func isScriptName(name string) bool {
	n := strings.ToLower(name)
	switch filepath.Ext(n) {
	case ".sh", ".bash", ".zsh", ".bat", ".cmd", ".ps1", ".command":
		return true
	case ".txt", ".cfg", ".config", "":
		return strings.Contains(n, "flash") || strings.Contains(n, "esptool") || strings.Contains(n, "download")
	}
	return false
}

// encrypts tells whether the flasher is to encrypt any of the files.
func (d *description) encrypts() bool {
	return slices.ContainsFunc(d.writes, func(w write) bool { return w.encrypt })
}
