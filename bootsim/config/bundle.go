package config

import (
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/bootsim/release/bundle"
)

// bundle reads a release bundle: each lot takes its entries, as an artifact
// for every slot. With "lots" the entries of others are passed over.
func (l *loader) bundle(o object) []bootsim.Artifact {
	for _, key := range []string{"file", "slots", "encrypted", "version"} {
		if o.has(key) {
			l.fail(o.at(key), "%q does not go with \"bundle\": a bundle tells it of every image in it", key)
		}
	}
	name := o.text("bundle")
	lots := l.targets(o.oneOrMore("lots"))
	data, ok := l.load(o.at("bundle"), name, bundle.MaxSize)
	if !ok {
		return nil
	}
	b, err := bundle.Decode(data)
	if err != nil {
		l.fail(o.at("bundle"), "cannot read %q: %v", clip(l.files.shown(name)), err)
		return nil
	}
	return l.entries(o, b, lots, l.files.shown(name))
}

// entries are a bundle's images as artifacts.
func (l *loader) entries(o object, b *bundle.Bundle, lots []*lot, file string) []bootsim.Artifact {
	byID := map[uint32]*lot{}
	for _, lot := range lots {
		byID[bundle.LotID(lot.Name)] = lot
	}
	var out []bootsim.Artifact
	var strangers []string
	for _, e := range b.Entries {
		lot := byID[e.Lot]
		if lot == nil {
			if id := fmt.Sprintf("0x%08x", e.Lot); !contains(strangers, id) {
				strangers = append(strangers, id)
			}
			continue
		}
		l.entrySlot(o.at("bundle"), lot, e)
		out = append(out, bootsim.Artifact{File: file, Data: e.Data, Lots: []string{lot.Name}, Slots: []string{e.Label},
			Encrypted: e.Encrypted, Version: e.Version})
	}
	switch {
	case len(out) == 0:
		l.fail(o.at("bundle"), "the bundle has images for the lot ids %s, and for none of the lots that this is for", clip(strings.Join(strangers, ", ")))
	case len(strangers) > 0 && !o.has("lots"):
		l.fail(o.at("bundle"), "the bundle has images for the lot ids %s, which no lot has: describe those lots, or name with \"lots\" which ones this is for",
			clip(strings.Join(strangers, ", ")))
	}
	return out
}

// entrySlot checks that a lot has the slot that an entry names, where it says.
func (l *loader) entrySlot(at *yaml.Node, lot *lot, e bundle.Entry) {
	if lot.table == nil || l.errs.full() {
		return
	}
	if row, ok := lot.table.Find(e.Label); ok && row.Offset != e.Address {
		l.fail(at, "the bundle has %s of lot %q at 0x%08x, and the lot's table at 0x%08x: it was made for another table",
			clip(e.Label), clip(lot.Name), e.Address, row.Offset)
		return
	}
	l.slot(at, lot, e.Label)
}
