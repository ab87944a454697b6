package input

import (
	"path/filepath"
	"sort"
	"strings"

	"github.com/spf13/afero"
)

// folder is one folder of a tree, with what may matter in it.
type folder struct {
	path  string   // as named by the user, joined
	rel   string   // below the root, "." for the root
	files []string // names, sorted
	subs  []*folder
}

// walker reads a tree of folders. Links to folders are not followed below the
// root: they lead in circles or to what is found anyway.
type walker struct {
	store   *store
	folders int
	entries int
	cut     bool // a limit was reached
}

// walk returns the tree below path, or an error when path itself cannot be
// listed. Folders further down that cannot be listed count as empty.
func (w *walker) walk(path, rel string, depth int) (*folder, error) {
	w.folders++
	infos, err := afero.ReadDir(w.store.fs, path)
	if err != nil {
		return nil, fileError(path, "the folder cannot be listed", cause(err))
	}
	sort.Slice(infos, func(i, j int) bool { return infos[i].Name() < infos[j].Name() })
	d := &folder{path: path, rel: rel}
	for _, info := range infos {
		if w.entries++; w.entries > maxEntries {
			w.cut = true
			break
		}
		name := info.Name()
		switch {
		case info.IsDir():
			w.descend(d, name, depth)
		case info.Mode().IsRegular() || w.store.isFile(filepath.Join(path, name)):
			d.files = append(d.files, name)
		}
	}
	return d, nil
}

func (w *walker) descend(d *folder, name string, depth int) {
	if skipped(name) {
		return
	}
	if depth >= maxDepth || w.folders >= maxFolders {
		w.cut = true
		return
	}
	if sub, err := w.walk(filepath.Join(d.path, name), filepath.Join(d.rel, name), depth+1); err == nil {
		d.subs = append(d.subs, sub)
	}
}

// skipped tells which folders hold no image sets, but much else: version
// control, sources and the intermediate files of builds.
func skipped(name string) bool {
	switch name {
	case ".pio":
		return false
	case "node_modules", "managed_components", "components", "CMakeFiles", "esp-idf", "libdeps",
		"bootloader-prefix", "__pycache__", "__MACOSX":
		return true
	}
	return strings.HasPrefix(name, ".") && name != "." && name != ".."
}

// has tells whether the folder holds a file, by its exact name.
func (d *folder) has(name string) bool {
	i := sort.SearchStrings(d.files, name)
	return i < len(d.files) && d.files[i] == name
}
