package release

import (
	"fmt"
	"path"
	"strings"
)

// Names of the files that every release folder has.
const (
	IndexFile  = "index.json"
	ConfigFile = "bootsim.yaml"
)

// names gives files of one folder their names, by what they hold.
type names map[string]string

// take returns a name close to the wanted one for a content, and whether the
// file is a new one. Names differ on file systems that ignore case, too.
func (n names) take(wanted, content string) (string, bool) {
	wanted = safe(wanted)
	ext := path.Ext(wanted)
	name := wanted
	for i := 2; ; i++ {
		key := strings.ToLower(name)
		holds, taken := n[key]
		switch {
		case !taken && key != IndexFile && key != ConfigFile:
			n[key] = content
			return name, true
		case taken && holds == content:
			return name, false
		}
		name = fmt.Sprintf("%s-%d%s", strings.TrimSuffix(wanted, ext), i, ext)
	}
}

// maxFileName keeps names below what file systems take.
const maxFileName = 120

// safe replaces what a file system, a shell or a URL could take for something
// else. Names of lots and partitions may hold anything.
func safe(name string) string {
	out := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '.', r == '-', r == '_':
			return r
		}
		return '_'
	}, name)
	if strings.HasPrefix(out, ".") || strings.HasPrefix(out, "-") {
		out = "_" + out[1:]
	}
	if len(out) > maxFileName {
		ext := path.Ext(out)
		ext = ext[:min(len(ext), 10)]
		out = out[:maxFileName-len(ext)] + ext
	}
	return out
}

// stemOf is a file's name without folder and ending.
func stemOf(file string) string {
	base := path.Base(file)
	return strings.TrimSuffix(base, path.Ext(base))
}
