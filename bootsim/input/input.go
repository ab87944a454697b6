// Package input finds out what is to be checked: it looks into folders, files
// and command lines and returns the image sets in them as lots, without being
// told what kind they are.
//
// Of a folder and those below it, this is asked in turn, and the first answer
// counts: bootsim.yaml (package config reads it), flasher_args.json, esptool
// argument files (flash_args, download.config), ESP Web Tools manifests,
// scripts with esptool command lines, and last the files' names and content.
// Nothing is written anywhere.
package input

import (
	"io"

	"github.com/spf13/afero"

	"github.com/bootsim/bootsim/bootsim"
)

// Request is what the user named.
type Request struct {
	// Paths are folders and files. Image files named one by one make one set
	// together. "-" is Stdin.
	Paths []string
	// FlashArgs are addresses and files as esptool takes them, "0x1000 a.bin
	// 0x8000 b.bin", or whole esptool command lines; each is one lot. Their
	// files are looked for in the current folder, then in the folders among
	// Paths, which are not searched themselves then.
	FlashArgs []string
	// FlashSize is the size of the chips in bytes, if the user states it; it
	// tells what esptool's "--flash_size detect" finds.
	FlashSize uint32
	// Stdin holds esptool command lines that are run one after the other,
	// flasher_args.json or a manifest; read when a path is "-".
	Stdin io.Reader
}

// Result is what was found.
type Result struct {
	// Lots are in the order of the request, and by path inside a folder.
	Lots []bootsim.Lot
	// ConfigFile is a bootsim.yaml for package config; empty if there is none.
	// What else lies in its folder is not looked at.
	ConfigFile string
	// Notes tell what was seen and left out, a sentence each.
	Notes []string
}

// Find looks for image sets. What a lot's set does not state and had to be
// guessed is in its Assumed. Form is FormEncrypted only for files that the
// flasher is told to encrypt: --encrypt, --encrypt-files. Role and Gaps are
// filled in as far as the set or its content tells.
//
// Errors: *NothingFoundError, *FileError, *SizeError, *ChipError when all that
// was found is for other chips.
func Find(fs afero.Fs, req Request) (Result, error) {
	f := newFinder(fs)
	f.flashSize = req.FlashSize
	if err := f.search(req); err != nil {
		return Result{}, err
	}
	if err := f.verdict(); err != nil {
		return Result{}, err
	}
	f.name()
	r := Result{ConfigFile: f.config, Notes: f.notes}
	for _, v := range f.lots {
		r.Lots = append(r.Lots, v.lot)
	}
	return r, nil
}

// Placements returns what lies in flash when a file is written to an address:
// the file's bytes, or the regions of an Intel HEX or UF2 file at the
// addresses that it states. Errors: *FileError, *SizeError, *ChipError.
func Placements(fs afero.Fs, file string, address uint32, form bootsim.Form) ([]bootsim.Placement, error) {
	data, err := ReadFile(fs, file)
	if err != nil {
		return nil, err
	}
	out, err := decode(file, address, data)
	for i := range out {
		out[i].Form = form
	}
	return out, err
}
