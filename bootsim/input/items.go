package input

import (
	"cmp"
	"path/filepath"
	"slices"
)

// item is a file that may be part of a set.
type item struct {
	path string
	size int64
	name fileName
	content
}

// role is what the item is taken for: its content decides, its name where that
// tells nothing, as of damaged or encrypted files.
func (it item) role() string {
	switch it.kind {
	case kindBootloader:
		return roleBootloader
	case kindTable:
		return roleTable
	case kindOTAData:
		return roleOTAData
	case kindApp:
		return roleApp
	case kindMerged:
		if it.boots && len(it.rows) == 0 {
			return roleBootloader // with a secure boot digest in front: lies at 0x0
		}
	case kindOther, kindCipher, kindErased, kindEmpty, kindRAM:
		return it.name.role
	}
	return ""
}

// cipher tells whether the item is encrypted by the host.
func (it item) cipher() bool { return it.kind == kindCipher }

// items looks at the image files of a folder, and of the folders below it that
// hold one part of a set.
func (f *finder) items(d *folder) ([]item, error) {
	out, err := f.itemsIn(d)
	if err != nil || len(out) == 0 {
		return out, err
	}
	for _, sub := range d.subs {
		if !isPartFolder(filepath.Base(sub.path)) {
			continue
		}
		more, err := f.itemsIn(sub)
		if err != nil {
			return nil, err
		}
		out = append(out, more...)
	}
	return out, nil
}

// itemsIn looks at the image files of one folder. A folder of which a set has
// taken files holds nothing else worth taking.
func (f *finder) itemsIn(d *folder) ([]item, error) {
	var out []item
	for _, name := range d.files {
		path := filepath.Join(d.path, name)
		if f.isClaimed(path) {
			return nil, nil
		}
		if !isImageName(name) {
			continue
		}
		if len(out) >= maxImages {
			f.note("%s: only the first %d image files are looked at", d.path, maxImages)
			break
		}
		it, err := f.look(path)
		if err != nil {
			return nil, err
		}
		out = append(out, it)
	}
	return out, nil
}

// look tells what one file is. A file that cannot be read or is too large
// counts as unknown, unless its name says that it belongs to a set.
func (f *finder) look(path string) (item, error) {
	it := item{path: path, name: readName(path)}
	info, err := f.store.stat(path)
	if err != nil {
		return it, err
	}
	it.size = info.Size()
	if it.size == 0 {
		it.kind = kindEmpty
		return it, nil
	}
	if it.size > MaxFile {
		f.note("%v", &SizeError{File: path, Size: it.size, Limit: MaxFile})
		return it, nil
	}
	head, err := f.store.head(path)
	if err != nil {
		return it, err
	}
	if it.content = sniff(head, it.size); it.kind == kindOther && isErased(head) {
		b, err := f.store.read(path)
		if err == nil && isErased(b) {
			it.kind = kindErased
		}
		return it, err
	}
	return it, nil
}

// pick returns the items for which keep holds, and the rest.
func pick(all []item, keep func(item) bool) (kept, rest []item) {
	for _, it := range all {
		if keep(it) {
			kept = append(kept, it)
		} else {
			rest = append(rest, it)
		}
	}
	return kept, rest
}

// sameBytes tells whether two files are equal.
func (f *finder) sameBytes(a, b item) bool {
	if a.size != b.size {
		return false
	}
	x, errX := f.store.read(a.path)
	y, errY := f.store.read(b.path)
	return errX == nil && errY == nil && slices.Equal(x, y)
}

// distinct drops items whose bytes another item has: the one with the plainer
// name stays.
func (f *finder) distinct(all []item) []item {
	var out []item
	for _, it := range all {
		i := slices.IndexFunc(out, func(o item) bool { return f.sameBytes(o, it) })
		switch {
		case i < 0:
			out = append(out, it)
		case cmp.Or(cmp.Compare(it.rank(), out[i].rank()), cmp.Compare(len(it.path), len(out[i].path))) < 0:
			out[i] = it
		}
	}
	return out
}
