package release

import (
	"fmt"
	"slices"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/bootsim/diagnose"
	"github.com/bootsim/bootsim/bootsim/release/bundle"
)

// agreement compares what index and bundle of a folder say of a lot, before a
// device is looked at. What is wrong with a bundle as a whole is told to every
// lot, because every lot's devices may be given it.
func (v *verifier) agreement(name string) {
	f := v.subject.Folder
	if f == nil {
		return
	}
	v.context.Lot = &bootsim.Lot{Name: name}
	if v.subject.broken != "" {
		v.worsen(bootsim.Fail)
		v.find(diagnose.Damaged(&v.context, v.subject.File, "the bundle cannot be used: %s", v.subject.broken))
	}
	if v.subject.Bundle == nil {
		return
	}
	if why := disagreement(f.Index, v.subject.Bundle, idOf(name)); why != "" {
		v.misdescribed("%s", why)
	}
}

// idOf is the id of a lot as Subject.lots names it.
func idOf(name string) uint32 {
	var id uint32
	if n, err := fmt.Sscanf(name, strangerFormat, &id); n == 1 && err == nil && strangerName(id) == name {
		return id
	}
	return bundle.LotID(name)
}

// disagreement tells that only one of index and bundle serves a lot; empty if
// both do, or neither.
func disagreement(x *Index, b *bundle.Bundle, id uint32) string {
	i := slices.IndexFunc(x.Lots, func(l Lot) bool { return l.ID == id })
	bundled := slices.ContainsFunc(b.Entries, func(e bundle.Entry) bool { return e.Lot == id })
	switch {
	case i < 0 && bundled:
		return fmt.Sprintf("the bundle has images for the lot with id 0x%08x, and the index does not name it", id)
	case i >= 0 && !bundled:
		return fmt.Sprintf("the index names lot %s, and the bundle has no image for it", x.Lots[i].Name)
	}
	return ""
}

// disagreements lists the lots that only one of index and bundle serves.
func disagreements(x *Index, b *bundle.Bundle) []string {
	var ids []uint32
	for _, l := range x.Lots {
		ids = append(ids, l.ID)
	}
	for _, e := range b.Entries {
		ids = append(ids, e.Lot)
	}
	var out []string
	for i, id := range ids {
		if why := disagreement(x, b, id); why != "" && !slices.Contains(ids[:i], id) {
			out = append(out, why)
		}
	}
	return out
}

// keyNamed compares the fingerprint that the index has for a lot with the key
// of its devices. Plaintext for a lot whose key became known later is right
// without one.
func (v *verifier) keyNamed(l *Lot) {
	key := ""
	if v.unit.host {
		key = v.unit.key().Fingerprint()
	}
	encrypted := slices.ContainsFunc(l.Updates, func(u Update) bool { return u.Artifact != nil && u.Artifact.Encrypted })
	if l.Key == key || l.Key == "" && !encrypted {
		return
	}
	v.misdescribed("the index says that files for lot %s are encrypted with %s, and its devices have %s", l.Name, keyText(l.Key), keyText(key))
}

// keyText names a key by its fingerprint.
func keyText(fingerprint string) string {
	if fingerprint == "" {
		return "no key that the host knows"
	}
	return "key " + fingerprint
}
