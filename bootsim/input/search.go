package input

import (
	"fmt"
	"path/filepath"
)

// search goes through a request.
func (f *finder) search(req Request) error {
	var folders []string
	for _, path := range req.Paths {
		if path != "-" && f.store.isFolder(path) {
			folders = append(folders, path)
		}
	}
	for i, args := range req.FlashArgs {
		source := "--flash-args"
		if len(req.FlashArgs) > 1 {
			source = fmt.Sprintf("--flash-args %d", i+1)
		}
		if err := f.commandLines(source, args, append([]string{""}, folders...)); err != nil {
			return err
		}
	}
	return f.paths(req, len(req.FlashArgs) > 0)
}

// paths searches the paths in their order; image files go together.
func (f *finder) paths(req Request, basesOnly bool) error {
	var files []item
	for _, path := range req.Paths {
		if path == "-" {
			if err := f.stdin(req.Stdin); err != nil {
				return err
			}
			continue
		}
		info, err := f.store.stat(path)
		if err != nil {
			return err
		}
		if !info.IsDir() {
			it, image, err := f.file(path)
			if err != nil {
				return err
			}
			if image {
				files = append(files, it)
			}
			continue
		}
		if !basesOnly {
			if err := f.tree(path); err != nil {
				return err
			}
		}
	}
	return f.looseFiles(files)
}

// looseFiles makes sets of image files that were named one by one.
func (f *finder) looseFiles(files []item) error {
	if len(files) == 0 {
		return nil
	}
	before := len(f.lots)
	if err := f.setsOf(files, place{}); err != nil {
		return err
	}
	f.root(before, files[0].path)
	if len(f.lots) == before && len(f.foreign) == 0 {
		return fileError(files[0].path, "is "+files[0].kind.String()+
			"; nothing tells where it goes: state it with --flash-args \"ADDRESS FILE\"", nil)
	}
	return nil
}

// root notes which path the lots from a number on were found under.
func (f *finder) root(from int, path string) {
	for i := from; i < len(f.lots); i++ {
		f.lots[i].root = path
	}
}

// tree searches a folder and those below it.
func (f *finder) tree(path string) error {
	w := &walker{store: f.store}
	d, err := w.walk(path, ".", 0)
	if err != nil {
		return err
	}
	if w.cut {
		f.note("%s: too large to be searched whole; name the folder of the image set", path)
	}
	if c := configIn(d); c != "" {
		return f.setConfig(c)
	}
	before := len(f.lots)
	if err := f.folder(d, nil); err != nil {
		return err
	}
	if len(f.lots) == before {
		if err := f.archivesIn(d); err != nil {
			return err
		}
	}
	f.root(before, path)
	f.prune(before)
	f.offerKeys(before, d)
	if len(f.lots) == before {
		f.looked = append(f.looked, Search{Path: path, Looked: lookedFor(), Present: presentIn(d)})
	}
	return nil
}

// setConfig takes a configuration; there can be one.
func (f *finder) setConfig(path string) error {
	if f.config != "" && filepath.Clean(f.config) != filepath.Clean(path) {
		return fileError(path, "is a second configuration beside "+f.config+"; name one", nil)
	}
	f.config = path
	return nil
}

// lookedFor lists what a folder is searched for.
func lookedFor() []string {
	return []string{"bootsim.yaml", "flasher_args.json", "flash_args, flash_project_args, download.config",
		"ESP Web Tools manifests (*.json)", "scripts with esptool write_flash",
		"image files (*.bin *.img *.hex *.uf2): bootloader, partition table, application, merged image or flash dump"}
}

// presentIn lists the first files of a folder and what is below it.
func presentIn(d *folder) []string {
	const most = 6
	var out []string
	for i, name := range d.files {
		if i == most {
			out = append(out, plural(len(d.files)-most, "more file"))
			break
		}
		out = append(out, name)
	}
	if n := len(d.subs); n > 0 {
		out = append(out, plural(n, "folder"))
	}
	if len(out) == 0 {
		out = []string{"nothing"}
	}
	return out
}
