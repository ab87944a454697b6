package input

import (
	"fmt"
	"path/filepath"
	"strings"
)

// name gives each lot its name: that of the folder or file it was found in,
// with more of the path, and then with what it was made of, where names would
// be the same.
func (f *finder) name() {
	names := make([]string, len(f.lots))
	for i, v := range f.lots {
		names[i] = f.shortName(v)
	}
	f.longer(names, func(v found) string { return v.rel }, func(v found, name string) string {
		if v.rel == "." || v.rel == "" {
			return name
		}
		return filepath.ToSlash(v.rel)
	})
	f.longer(names, func(v found) string { return v.variant }, func(v found, name string) string {
		if v.variant == "" {
			return name
		}
		return name + "/" + v.variant
	})
	used := map[string]bool{}
	for i := range f.lots {
		name := names[i]
		for n := 2; used[name]; n++ {
			name = fmt.Sprintf("%s (%d)", names[i], n)
		}
		used[name] = true
		f.lots[i].lot.Name = name
	}
}

// longer replaces the names that several lots have, if those differ in what is
// to tell them apart.
func (f *finder) longer(names []string, trait func(v found) string, by func(v found, name string) string) {
	traits := map[string]map[string]bool{}
	for i, name := range names {
		if traits[name] == nil {
			traits[name] = map[string]bool{}
		}
		traits[name][trait(f.lots[i])] = true
	}
	for i, name := range names {
		if len(traits[name]) > 1 {
			names[i] = by(f.lots[i], name)
		}
	}
}

// shortName is the folder below the path that was named, without the folders
// that builds put their files into, or else that path's own name.
func (f *finder) shortName(v found) string {
	var parts []string
	for part := range strings.SplitSeq(filepath.ToSlash(v.rel), "/") {
		if !isBuildFolder(part) {
			parts = append(parts, part)
		}
	}
	if len(parts) > 0 {
		return strings.Join(parts, "/")
	}
	root := filepath.Clean(v.root)
	if f.store.isFile(root) {
		root = strings.TrimSuffix(stem(root), filepath.Ext(stem(root)))
	}
	base := filepath.Base(root)
	if above := filepath.Base(filepath.Dir(root)); isBuildFolder(base) && !isBuildFolder(above) {
		base = above
	}
	if strings.Trim(base, "./\\") == "" {
		return "lot"
	}
	return base
}

// isBuildFolder tells folder names that say nothing of a set.
func isBuildFolder(name string) bool {
	switch name {
	case "", ".", "/", "build", "bin", ".pio":
		return true
	}
	return false
}
