package input

import (
	"path/filepath"
	"strings"
)

// file handles a file that was named: a configuration, a description, an
// archive, or an image. image tells that it is the last.
func (f *finder) file(path string) (it item, image bool, err error) {
	switch strings.ToLower(filepath.Ext(path)) {
	case ".yaml", ".yml":
		return it, false, f.setConfig(path)
	case ".json":
		text, err := f.store.text(path)
		if err != nil {
			return it, false, err
		}
		return it, false, f.json(path, text, folderAndAbove(path))
	case ".csv":
		return it, false, fileError(path, "a partition table in CSV is no image set; name the folder of the images, or the binary files", nil)
	}
	it, err = f.look(path)
	if err != nil {
		return it, false, err
	}
	switch it.kind {
	case kindZip:
		return it, false, f.archive(path)
	case kindELF:
		return it, false, fileError(path, "is an ELF file, which no ESP32 is flashed with; name the .bin made from it (esptool elf2image)", nil)
	case kindKey:
		return it, false, fileError(path, "is as long and as random as a key, and no image; give keys with --key", nil)
	case kindEmpty:
		return it, false, fileError(path, "the file is empty; build it again", nil)
	}
	if it.size > MaxFile {
		return it, false, &SizeError{File: path, Size: it.size, Limit: MaxFile}
	}
	return f.textOrImage(it)
}

// textOrImage tells command lines and argument files from images.
func (f *finder) textOrImage(it item) (item, bool, error) {
	name := filepath.Base(it.path)
	if it.kind != kindOther || isImageName(name) && !isArgFileName(name) {
		return it, true, nil
	}
	text, err := f.store.text(it.path)
	if err != nil {
		return it, true, nil // no text
	}
	lenient := isScriptName(name) && !isArgFileName(name)
	all, err := f.describeCommands(it.path, text, []string{baseOf(it.path), ""}, lenient)
	if err != nil {
		return it, false, err
	}
	desc := sequence(all)
	if desc == nil {
		return it, false, fileError(it.path, "holds no esptool command line, and no address with a file", nil)
	}
	desc.kind, desc.build = name, isArgFileName(name)
	if desc.build && !desc.encrypts() {
		f.completeBootloader(baseOf(it.path), desc)
	}
	return it, false, f.takeAlone(desc, it.path)
}

// json takes flasher_args.json or a manifest.
func (f *finder) json(source, text string, bases []string) error {
	fields, err := objectOf(text)
	if err != nil {
		return fileError(source, "cannot be read", err)
	}
	var all []*description
	switch {
	case isFlasherArgs(fields):
		var desc *description
		desc, err = parseFlasherArgs(text)
		all = append(all, desc)
	case isManifest(fields):
		all, err = parseManifest(text)
	default:
		return fileError(source, "is neither flasher_args.json nor an ESP Web Tools manifest", nil)
	}
	if err != nil {
		return fileError(source, "cannot be used", err)
	}
	for _, desc := range all {
		desc.source, desc.bases = source, bases
		if desc.build {
			f.completeBootloader(bases[0], desc)
		}
		if err := f.takeAlone(desc, source); err != nil {
			return err
		}
	}
	return nil
}

// folderAndAbove returns the folder of a file and those above, as far as the
// path names them.
func folderAndAbove(path string) []string {
	var out []string
	for dir := filepath.Dir(path); len(out) < maxDepth; dir = filepath.Dir(dir) {
		out = append(out, dir)
		if dir == filepath.Dir(dir) {
			break
		}
	}
	return out
}
