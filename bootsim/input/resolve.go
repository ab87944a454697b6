package input

import (
	"path/filepath"
	"strings"
)

// resolve finds a file of a description. elsewhere tells that it was not where
// the description says, but by its name alone.
func (f *finder) resolve(d *description, file string) (path string, elsewhere, ok bool) {
	names := []string{file}
	if s := slashed(file); s != file {
		names = append(names, s)
	}
	for _, name := range names {
		for _, base := range d.bases {
			if p := under(base, name); f.store.isFile(p) {
				return p, false, true
			}
		}
	}
	if d.explicit && !fromElsewhere(file) {
		return "", false, false
	}
	return f.byTail(d, names[len(names)-1])
}

// fromElsewhere tells paths that were written on another machine, or for
// another folder: absolute ones, those with a drive, backslashes or variables.
func fromElsewhere(file string) bool {
	return filepath.IsAbs(file) || strings.ContainsAny(file, "\\$%") || len(file) > 2 && file[1] == ':'
}

// under joins a base folder and a name; absolute names stay.
func under(base, name string) string {
	if filepath.IsAbs(name) || base == "" {
		return filepath.Clean(name)
	}
	return filepath.Join(base, name)
}

// byTail looks for the last parts of a path below the bases: descriptions are
// often carried to another place than the one they were made for.
func (f *finder) byTail(d *description, file string) (string, bool, bool) {
	parts := strings.FieldsFunc(file, func(r rune) bool { return r == '/' })
	for _, base := range d.bases {
		for n := min(len(parts), 3); n > 0; n-- {
			tail := filepath.Join(parts[len(parts)-n:]...)
			if strings.HasPrefix(tail, "..") {
				continue
			}
			if p := filepath.Join(base, tail); f.store.isFile(p) {
				return p, true, true
			}
		}
	}
	return "", false, false
}

// survey tells how many files of a description are there, and which of those
// without which nothing boots are not.
func (f *finder) survey(d *description) (present int, missing []string) {
	for _, w := range d.writes {
		if _, _, ok := f.resolve(d, w.file); ok {
			present++
			continue
		}
		if essential(w) {
			missing = append(missing, w.file)
		}
	}
	return present, missing
}
