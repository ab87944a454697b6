// Package config reads bootsim.yaml, which describes lots and releases where
// files and folders alone do not tell enough:
//
//	version: 1
//	lots:
//	  - name: lot-one
//	    flash_size: 4MB               # of the chip
//	    chip_revision: v1.0           # or 1; v3.1
//	    rom: 2016                     # or 2019; from the revision if left out
//	    xtal_mhz: 26                  # crystal of the modules; 40 if left out
//	    key: keys/flash_key.bin       # host copy of the flash encryption key
//	    efuse:
//	      dump: efuse.bin             # any form that espefuse or QEMU writes
//	      fields:                     # burnt on top of it, or alone on a blank chip
//	        FLASH_CRYPT_CNT: 1
//	        FLASH_CRYPT_CONFIG: 0xF
//	    bootloader:
//	      idf: v3.1                   # alone: the devices have this one, no file is at hand
//	      log_level: info             # error, warning, info, debug or verbose
//	      rollback: false             # build options that leave no trace in the image
//	    partition_table: partitions.csv
//	    partition_table_offset: 0x8000
//	    flash:                        # what the factory writes
//	      - {file: bootloader-encrypted.bin, at: 0x1000}
//	      - {file: app.bin, at: factory, encrypt: true}
//	    expect: {boots: factory, version: "1.2.3"}
//	releases:
//	  - name: "2.0"
//	    build:                        # plaintext apps that `bootsim release build` makes artifacts of
//	      - {app: app.bin}
//	    artifacts:                    # what is installed
//	      - {file: app-encrypted.bin, lots: [lot-one], slots: [ota_0], encrypted: true, version: "2.0"}
//	      - {bundle: app.bundle}
//
// Instead of "lots", "lots_from: FILE" takes the lots of another configuration
// and leaves its releases alone: lots stay the same from release to release.
//
// Files are found relative to the configuration. A key "file" also says where
// a bootloader image (at 0x1000) comes from, and the longer form
// {file: partitions.bin, encrypt: true} how the table is flashed. The table
// names the partitions for "at", "boots" and "slots"; where the list under
// "flash" puts nothing at the table's offset, the table is flashed there too,
// a CSV as gen_esp32part makes it. Without "partition_table" the table is
// taken from what is flashed, decrypted with "key" if need be.
//
// Numbers are decimal or 0x…, sizes may end in K, KB, M or MB (of 1024).
// schemas/bootsim.schema.json describes the format for editors.
package config

import (
	"maps"
	"path"
	"path/filepath"
	"slices"

	"github.com/spf13/afero"
	"go.yaml.in/yaml/v3"

	"github.com/bootsim/bootsim/bootsim"
)

// formatVersion is the version of the format that Load reads.
const formatVersion = 1

// maxItems bounds every list of a configuration.
const maxItems = 1000

// Plan is what a configuration asks to check.
type Plan struct {
	Lots     []bootsim.Lot
	Releases []bootsim.Release
	// Files lists the configuration and every file that was read for it, keys
	// included, by path: what no output may overwrite.
	Files []string
}

// loader reads one configuration. Mistakes are collected, so that one run tells of many.
type loader struct {
	file  string // as the user named it, with forward slashes
	errs  errorList
	files *files
	lots  []*lot
}

// Load reads the configuration file name and every file that it names. Paths
// in the plan are joined to the folder of the configuration, with forward
// slashes. Entries that name the same file share its bytes, which nobody may
// change. Mistakes in the configuration come back as *Errors, each with line
// and column; a configuration that cannot be read at all as *FileError.
func Load(fs afero.Fs, name string) (*Plan, error) {
	return read(fs, name, (*loader).plan)
}

// Lots is Load without the releases: their files are not read, and need not be
// there.
func Lots(fs afero.Fs, name string) (*Plan, error) {
	return read(fs, name, (*loader).lotsAlone)
}

func read(fs afero.Fs, name string, of func(*loader, *yaml.Node) *Plan) (*Plan, error) {
	l, root, err := open(fs, name)
	if err != nil {
		return nil, err
	}
	plan := of(l, root)
	if err := l.errs.result(); err != nil {
		return nil, err
	}
	plan.Files = l.read()
	return plan, nil
}

// open reads a document and returns what loads it, with its root. Errors are
// those of Load.
func open(fs afero.Fs, name string) (*loader, *yaml.Node, error) {
	shown := filepath.ToSlash(name)
	text, err := readLimited(fs, name, maxConfig)
	if err != nil {
		return nil, nil, &FileError{File: shown, Err: err}
	}
	l := &loader{file: shown, files: newFiles(fs, path.Dir(shown))}
	l.errs.file = shown
	root := l.parse(text)
	if root == nil {
		return nil, nil, l.errs.result()
	}
	return l, root, nil
}

// read lists the document and every file that was read for it.
func (l *loader) read() []string {
	return append(slices.Sorted(maps.Keys(l.files.cache)), l.file)
}

func (l *loader) plan(root *yaml.Node) *Plan {
	o, ok := l.root(root)
	if !ok {
		return nil
	}
	p := l.withLots(o)
	seen := names{}
	for _, n := range o.list("releases") {
		p.Releases = append(p.Releases, l.release(n, seen))
	}
	return p
}

// root reads what every configuration starts with.
func (l *loader) root(n *yaml.Node) (object, bool) {
	o, ok := l.object(n, "the configuration", "version", "lots", "lots_from", "releases")
	if ok {
		l.version(o)
	}
	return o, ok
}

func (l *loader) version(o object) {
	if !o.has("version") {
		l.fail(o.node, "no version: start the file with \"version: %d\"", formatVersion)
		return
	}
	if v, ok := o.number("version", 1<<32-1); ok && v != formatVersion {
		l.fail(o.at("version"), "version %d of the format: this bootsim reads version %d", v, formatVersion)
	}
}

func (l *loader) fail(at *yaml.Node, format string, args ...any) {
	l.errs.add(at, format, args...)
}
