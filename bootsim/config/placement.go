package config

import (
	"bytes"

	"go.yaml.in/yaml/v3"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/emu/pattern"
	"github.com/bootsim/bootsim/flashmodel/parttable"
)

// Addresses and alignments of the flash (spec 0 and 4.7).
const (
	bootloaderAddress = 0x1000
	encryptAlign      = 32 // of what esptool and the bootloader write encrypted
)

// placed is a file in flash, with what the configuration says of its place.
type placed struct {
	bootsim.Placement
	at    *yaml.Node
	label string // not yet an address, unless empty
}

// flash reads what lies in flash: the list "flash", the bootloader's file and the table.
func (l *loader) flash(out *lot, o object) {
	if v, ok := o.number("partition_table_offset", maxImage-parttable.SectorSize); ok {
		out.TableOffset = uint32(v)
		if v == 0 || v%parttable.SectorSize != 0 {
			l.fail(o.at("partition_table_offset"), "a partition table starts at a multiple of 0x1000 other than 0, usually 0x8000")
		}
	}
	for _, n := range o.list("flash") {
		l.flashed(out, n)
	}
	l.bootloader(out, o)
	l.table(out, o)
	l.resolve(out)
	l.checkPlaces(out)
	_, present := out.covering(bootloaderAddress)
	out.Bootloader.Fielded = out.Bootloader.IDF != "" && !present
	if len(out.files) == 0 && !out.Bootloader.Fielded && !o.has("flash") && !o.has("bootloader") && !o.has("partition_table") {
		l.fail(o.node, "nothing lies in flash: list the files below the key \"flash\"")
	}
	for _, p := range out.files {
		out.Contents = append(out.Contents, p.Placement)
	}
}

func (l *loader) flashed(out *lot, n *yaml.Node) {
	o, ok := l.object(n, "a file in flash", "file", "at", "encrypt")
	if !ok {
		return
	}
	p, found := l.source(o, "a file in flash", maxImage)
	placed := l.at(&p, o)
	if found && placed {
		out.files = append(out.files, p)
	}
}

// at reads the key "at": an address, or the label of a partition.
func (l *loader) at(p *placed, o object) bool {
	at := o.required("a file in flash", "at")
	p.at = o.at("at")
	if !looksNumeric(at) {
		p.label = at
		return at != ""
	}
	v, ok := o.number("at", maxImage-1)
	p.Address = uint32(v)
	return ok
}

// source reads the keys "file" and "encrypt".
func (l *loader) source(o object, what string, limit int64) (placed, bool) {
	var p placed
	if o.isTrue("encrypt") {
		p.Form = bootsim.FormEncrypted
	}
	name := o.required(what, "file")
	data, ok := l.load(o.at("file"), name, limit)
	if form := addressed(data); form != "" {
		l.fail(o.at("file"), "%q is %s, which carries its own addresses: convert it to plain binaries, or give it to `bootsim check` itself",
			clip(l.files.shown(name)), form)
	}
	p.File, p.Data, p.at = l.files.shown(name), data, o.at("file")
	return p, ok
}

// addressed names a form of file that must not be written to flash as it is.
func addressed(data []byte) string {
	switch {
	case bytes.HasPrefix(data, []byte("UF2\n")):
		return "a UF2 file"
	case hexRecord.Match(data):
		return "an Intel HEX file"
	}
	return ""
}

// hexRecord is a first record of Intel HEX.
var hexRecord = pattern.Of(`^:[0-9A-Fa-f]{10,}\r?\n`)

// resolve turns labels into addresses.
func (l *loader) resolve(out *lot) {
	var known []placed
	for _, p := range out.files {
		if p.label == "" {
			known = append(known, p)
			continue
		}
		if out.table == nil {
			l.fail(p.at, "no partition table to find %q in: %s; give an address, or name the table with \"partition_table\"", clip(p.label), out.noTable)
			continue
		}
		entry, ok := out.table.Find(p.label)
		if !ok {
			l.fail(p.at, "lot %q has no partition %q: its table has %s", clip(out.Name), clip(p.label), labels(out.table.Entries))
			continue
		}
		p.Address, p.Role, p.label = entry.Offset, role(entry), ""
		known = append(known, p)
	}
	out.files = known
}

func role(e parttable.Entry) string {
	switch {
	case e.Type == parttable.TypeApp:
		return "app"
	case e.Is(parttable.TypeData, parttable.SubtypeOTAData):
		return "otadata"
	}
	return ""
}
