package config

import (
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/bootsim/bootsim/emu/efuse"
)

// efuses reads the key "efuse": a dump, fields, or fields on top of a dump.
func (l *loader) efuses(out *lot, o object) {
	if !o.has("efuse") {
		return
	}
	e, ok := l.object(o.values["efuse"], "\"efuse\"", "dump", "fields")
	if !ok {
		return
	}
	if !e.has("dump") && !e.has("fields") {
		l.fail(e.node, "\"efuse\" needs the key \"dump\", \"fields\" or both")
		return
	}
	if e.has("dump") {
		out.Efuses = l.dump(out, e)
	} else {
		out.Efuses = out.blank(revisionNamed(e.values["fields"]))
	}
	if e.has("fields") && out.Efuses != nil {
		l.fields(out, e.values["fields"])
	}
	if !e.has("dump") {
		l.placeKey(out, o)
		l.placeBootKey(out, o)
	}
}

// dump reads a file that espefuse or QEMU wrote.
func (l *loader) dump(out *lot, e object) *efuse.Set {
	name := e.text("dump")
	b, ok := l.load(e.at("dump"), name, maxSmall)
	if !ok {
		return nil
	}
	d, err := efuse.ParseDump(b)
	if err != nil {
		l.fail(e.at("dump"), "%q: %v", clip(l.files.shown(name)), err)
		return nil
	}
	if len(d.Missing) > 0 {
		out.Assumed = append(out.Assumed, fmt.Sprintf("%s is silent on the eFuses %s: taken as 0",
			l.files.shown(name), strings.Join(d.Missing, ", ")))
	}
	if out.Revision == nil && d.APBKnown {
		r := d.Set.Revision(d.APBRevision)
		out.Revision = &r
	}
	return d.Set
}

// blank is a chip of the lot's revision on which nothing was burnt. When the
// fields say which revision it is, its bits are left to them.
func (out *lot) blank(revisionGiven bool) *efuse.Set {
	s := efuse.New()
	if revisionGiven && out.Revision == nil {
		return s
	}
	if out.Revision == nil {
		r := efuse.Revision{Major: 3, Minor: 1}
		out.Revision = &r
		out.Assumed = append(out.Assumed, fmt.Sprintf("chip revision %s (\"chip_revision\" states it)", r))
	}
	out.Assumed = append(out.Assumed, "eFuses that \"fields\" does not name are blank")
	for i, name := range []string{"CHIP_VER_REV1", "CHIP_VER_REV2"} {
		if int(out.Revision.Major) > i {
			burn(s, name, 1)
		}
	}
	burn(s, "WAFER_VERSION_MINOR", uint64(out.Revision.Minor))
	return s
}

// burn sets a field that is known to exist on a blank chip.
func burn(s *efuse.Set, name string, v uint64) {
	f, err := efuse.Lookup(name)
	if err == nil {
		err = s.BurnField(f, v)
	}
	if err != nil {
		panic(err) // the name is ours and the chip blank
	}
}

// revisionNamed tells whether fields say which revision the chip has.
func revisionNamed(n *yaml.Node) bool {
	for i := 0; n.Kind == yaml.MappingNode && i+1 < len(n.Content); i += 2 {
		if f, err := efuse.Lookup(n.Content[i].Value); err == nil && (strings.HasPrefix(f.Name, "CHIP_VER_REV") || f.Name == "WAFER_VERSION_MINOR") {
			return true
		}
	}
	return false
}

// placeKey puts the lot's key into the chip that fields alone describe.
func (l *loader) placeKey(out *lot, o object) {
	if out.Key == nil || out.Efuses == nil {
		return
	}
	if err := out.Efuses.PlaceFlashKey(*out.Key); err != nil {
		l.fail(o.at("key"), "%v", err)
		return
	}
	out.Assumed = append(out.Assumed, "the key file is the key in eFuse BLOCK1")
}

// placeBootKey puts the key of Secure Boot into the chip that fields alone describe.
func (l *loader) placeBootKey(out *lot, o object) {
	if out.BootKey == nil || out.Efuses == nil {
		return
	}
	if err := out.BootKey.Place(out.Efuses); err != nil {
		l.fail(o.at("secure_boot_key"), "%v", err)
		return
	}
	out.Assumed = append(out.Assumed, "the Secure Boot key file is what eFuse BLOCK2 holds")
}
