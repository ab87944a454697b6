package input

import (
	"slices"
	"strings"
)

// byContent finds the sets of a folder without description: by what its files
// are, and by the names that the usual tools give. absorbed tells that folders
// for parts belong to them.
func (f *finder) byContent(d *folder) (absorbed bool, err error) {
	all, err := f.items(d)
	if err != nil || len(all) == 0 {
		return false, err
	}
	csv := f.csvTable(d)
	before := len(f.lots)
	if err := f.setsOf(all, place{folder: d, csv: csv}); err != nil {
		return false, err
	}
	return len(f.lots) > before, nil
}

// place is where items lie.
type place struct {
	folder *folder // nil: files named one by one
	csv    string  // partition table in CSV, empty: none
}

func (p place) rel() string {
	if p.folder == nil {
		return "."
	}
	return p.folder.rel
}

func (p place) source(first item) string {
	if p.folder == nil {
		return first.path
	}
	return p.folder.path
}

// setsOf makes lots of items.
func (f *finder) setsOf(all []item, at place) error {
	all = f.dropForeign(all)
	if len(all) == 1 && all[0].kind == kindCipher && isChipSize(all[0].size) {
		all[0].kind = kindCipherDump // nothing but noise, as large as a flash chip
	}
	whole, parts := pick(all, item.standsAlone)
	for _, it := range f.distinct(whole) {
		if err := f.addWhole(it, at); err != nil {
			return err
		}
	}
	plain, ciphered := f.split(parts)
	for _, group := range groups(plain) {
		if err := f.addParts(group, at, ""); err != nil {
			return err
		}
	}
	return f.addParts(ciphered, at, "encrypted files")
}

// split tells host-made ciphertext from plaintext where a part is there as
// both: each makes a set of its own, if the ciphertext has more than an
// application. Otherwise all files belong together.
func (f *finder) split(parts []item) (plain, ciphered []item) {
	ciphered, plain = pick(parts, item.cipher)
	twice := func(it item) bool {
		return it.role() != "" && slices.ContainsFunc(plain, func(o item) bool { return o.role() == it.role() })
	}
	both, rest := pick(ciphered, twice)
	switch {
	case len(both) == 0:
		return parts, nil
	case slices.ContainsFunc(ciphered, func(it item) bool { return it.role() == roleBootloader || it.role() == roleTable }):
		return plain, ciphered
	}
	for _, it := range both {
		f.note("%s: left out: as random as ciphertext, and the same part is there in plaintext (--flash-args states it)", it.path)
	}
	return append(plain, rest...), nil
}

// groups divides the parts of several sets in one folder, told apart by what
// stands in front of "bootloader": x.ino.bootloader.bin and y.ino.bootloader.bin.
// Files that belong to none go with each.
func groups(parts []item) [][]item {
	prefixes := map[string]bool{}
	for _, it := range parts {
		if p := it.name.prefix; it.name.role == roleBootloader && p != "" && hasApp(parts, p) {
			prefixes[p] = true
		}
	}
	if len(prefixes) < 2 {
		return [][]item{parts}
	}
	var names []string
	for p := range prefixes {
		names = append(names, p)
	}
	slices.Sort(names)
	var out [][]item
	for _, p := range names {
		group, _ := pick(parts, func(it item) bool {
			owner := ownerOf(it, names)
			return owner == p || owner == ""
		})
		out = append(out, group)
	}
	return out
}

func hasApp(parts []item, prefix string) bool {
	return slices.ContainsFunc(parts, func(it item) bool {
		return it.kind == kindApp && strings.HasPrefix(it.name.stem, prefix)
	})
}

// ownerOf returns the longest prefix that an item's name starts with.
func ownerOf(it item, prefixes []string) string {
	owner := ""
	for _, p := range prefixes {
		if strings.HasPrefix(it.name.stem, p) && len(p) > len(owner) {
			owner = p
		}
	}
	return owner
}
