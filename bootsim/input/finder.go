package input

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"

	"github.com/spf13/afero"

	"github.com/bootsim/bootsim/bootsim"
)

// finder carries one search.
type finder struct {
	store   *store
	claimed map[string]bool // files that belong to a set, or to one left out
	lots    []found
	notes   []string
	hints   map[string]uint32 // offset of the partition table by build folder, from lists that fit no more
	config  string
	nested  []string // configurations below the folders named
	foreign []*ChipError
	looked  []Search
	depth   int // of archives

	flashSize uint32 // of the chip as the user states it; 0: not stated
}

// found is a lot with what decides whether it stands.
type found struct {
	lot     bootsim.Lot
	rel     string // folder below the path that was named, "." for that itself
	variant string // what tells it from others of its folder
	partial bool   // no application, or no bootloader and table
	stated  bool   // a description says so, not names and content alone
	broken  bool   // the description names files that are not there
	root    string // the path that was named
}

func newFinder(fs afero.Fs) *finder {
	return &finder{store: newStore(fs), claimed: map[string]bool{}, hints: map[string]uint32{}}
}

// maxNotes bounds what is said of things left out.
const maxNotes = 64

func (f *finder) note(format string, args ...any) {
	if len(f.notes) < maxNotes {
		if text := fmt.Sprintf(format, args...); !slices.Contains(f.notes, text) {
			f.notes = append(f.notes, text)
		}
	}
}

func (f *finder) claim(path string) { f.claimed[filepath.Clean(path)] = true }

func (f *finder) isClaimed(path string) bool { return f.claimed[filepath.Clean(path)] }

// leaveOut notes a set for another chip, or passes any other error on.
func (f *finder) leaveOut(err error) error {
	var chip *ChipError
	if !errors.As(err, &chip) {
		return err
	}
	f.foreign = append(f.foreign, chip)
	return nil
}

// add takes a lot that was found.
func (f *finder) add(v found) error {
	if len(f.lots) >= maxLots {
		return fileError(v.lot.Source, fmt.Sprintf("more than %d image sets; name fewer folders", maxLots), nil)
	}
	f.lots = append(f.lots, v)
	return nil
}

// folder searches one folder and those below it.
func (f *finder) folder(d *folder, ancestors []string) error {
	if d.rel != "." {
		if c := configIn(d); c != "" {
			f.nested = append(f.nested, c)
			f.note("%s: not read, and nothing else below its folder; name it to check it", c)
			return nil
		}
	}
	taken, absorbed, err := f.described(d, ancestors)
	if err == nil && !taken {
		absorbed, err = f.byContent(d)
	}
	if err != nil {
		return err
	}
	for _, sub := range d.subs {
		if absorbed && isPartFolder(filepath.Base(sub.path)) {
			continue
		}
		if err := f.folder(sub, append([]string{d.path}, ancestors...)); err != nil {
			return err
		}
	}
	return nil
}

// isPartFolder tells folders that hold one part of the set above them.
func isPartFolder(name string) bool {
	switch name {
	case "bootloader", "partition_table", "partitions":
		return true
	}
	return false
}

func configIn(d *folder) string {
	for _, name := range []string{"bootsim.yaml", "bootsim.yml"} {
		if d.has(name) {
			return filepath.Join(d.path, name)
		}
	}
	return ""
}
