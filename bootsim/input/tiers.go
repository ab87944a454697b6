package input

import (
	"path/filepath"
	"slices"
	"strings"
)

// tier is one kind of description of a folder. The tiers of a folder are
// asked in their order; the first that can be used describes it.
type tier struct {
	all []*description
	// several tells that each description is a set of its own; else the first
	// that is complete is taken.
	several bool
	// build tells that sub-folders of the build belong to the set.
	build bool
}

// tiers returns what describes a folder, best first.
func (f *finder) tiers(d *folder, ancestors []string) []tier {
	return []tier{
		{all: f.flasherArgs(d), build: true},
		{all: f.argFiles(d), build: true},
		{all: f.manifests(d, ancestors), several: true},
		{all: f.scripts(d), several: true},
	}
}

// flasherArgs reads flasher_args.json, and completes it by a bootloader.
func (f *finder) flasherArgs(d *folder) []*description {
	if !d.has("flasher_args.json") {
		return nil
	}
	path := filepath.Join(d.path, "flasher_args.json")
	text, err := f.store.text(path)
	if err != nil {
		f.note("%v", err)
		return nil
	}
	desc, err := parseFlasherArgs(text)
	if err != nil {
		f.note("%s: not used: %v", path, err)
		return nil
	}
	desc.source, desc.bases = path, []string{d.path}
	f.completeBootloader(d.path, desc)
	return []*description{desc}
}

// completeBootloader adds the bootloader that lies in a build folder when the
// build's list leaves it out, as those for secure boot do.
func (f *finder) completeBootloader(dir string, desc *description) {
	const usual = "bootloader/bootloader.bin"
	if desc.hasBootloader() || desc.foreign() || len(desc.writes) < 2 || !f.store.isFile(filepath.Join(dir, usual)) {
		return
	}
	desc.writes = slices.Insert(desc.writes, 0, write{address: bootloaderAddress, file: usual, role: roleBootloader})
	desc.assumed = append(desc.assumed, desc.kind+" does not flash the bootloader along, as secure boot builds do not; taken as flashed before, from "+usual)
}

// argFiles reads flash_args and the like. The one with most files stands for
// the whole; when each has but one, they are taken together.
func (f *finder) argFiles(d *folder) []*description {
	var whole, pieces []*description
	for _, name := range d.files {
		n := strings.ToLower(name)
		if !isArgFileName(name) || strings.Contains(n, "encrypt") {
			continue
		}
		desc := f.argFile(filepath.Join(d.path, name), d.path)
		switch {
		case desc == nil:
		case len(desc.writes) > 1:
			whole = append(whole, desc)
		default:
			pieces = append(pieces, desc)
		}
	}
	if len(whole) == 0 && len(pieces) > 0 {
		whole = []*description{sequence(pieces)}
	}
	slices.SortStableFunc(whole, func(a, b *description) int { return len(b.writes) - len(a.writes) })
	for _, desc := range whole {
		f.completeBootloader(d.path, desc)
	}
	return whole
}

// argFile reads one argument file; nil when it is none.
func (f *finder) argFile(path, base string) *description {
	text, err := f.store.text(path)
	if err != nil {
		return nil
	}
	all, err := f.describeCommands(path, text, []string{base}, false)
	if err != nil {
		f.note("%v; not used", err)
		return nil
	}
	desc := sequence(all)
	if desc != nil {
		desc.kind, desc.build = filepath.Base(path), true
	}
	return desc
}

// manifests reads the ESP Web Tools manifests of a folder. Their paths are
// those of a web site, whose root may be any folder above.
func (f *finder) manifests(d *folder, ancestors []string) []*description {
	var out []*description
	for _, name := range d.files {
		if filepath.Ext(strings.ToLower(name)) != ".json" || name == "flasher_args.json" {
			continue
		}
		path := filepath.Join(d.path, name)
		all, err := f.manifestFile(path)
		if err != nil {
			f.note("%s: not used: %v", path, err)
		}
		for _, desc := range all {
			desc.bases = append([]string{d.path}, ancestors...)
		}
		out = append(out, all...)
	}
	return out
}

// manifestFile reads a JSON file if it is a manifest. Other JSON gives nothing.
func (f *finder) manifestFile(path string) ([]*description, error) {
	text, err := f.store.text(path)
	if err != nil {
		return nil, nil // too large or no text: no manifest
	}
	named := strings.Contains(strings.ToLower(filepath.Base(path)), "manifest")
	fields, err := objectOf(text)
	if err != nil && named {
		return nil, err
	}
	if err != nil || !isManifest(fields) {
		return nil, nil
	}
	all, err := parseManifest(text)
	for _, desc := range all {
		desc.source, desc.kind = path, filepath.Base(path)
		desc.name = strings.TrimSuffix(filepath.Base(path), filepath.Ext(path))
	}
	return all, err
}
