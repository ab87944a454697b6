package config

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/flashmodel/parttable"
)

// maxName bounds names of lots and releases, in characters.
const maxName = 100

// lot is a lot under construction.
type lot struct {
	bootsim.Lot
	files []placed
	table *parttable.Table // nil: none could be read
	// noTable says why, for the labels that cannot be resolved then.
	noTable string
}

func (l *loader) lot(n *yaml.Node, taken names) *lot {
	out := &lot{Lot: bootsim.Lot{Source: l.file}}
	o, ok := l.object(n, "a lot", "name", "flash_size", "chip_revision", "rom", "xtal_mhz", "key", "secure_boot_key", "efuse", "bootloader",
		"partition_table", "partition_table_offset", "flash", "expect")
	if !ok {
		return out
	}
	out.Name = o.name("a lot", taken)
	l.chip(out, o)
	l.key(out, o)
	l.bootKey(out, o)
	l.efuses(out, o)
	l.flash(out, o)
	l.expect(out, o)
	return out
}

// names tells where a name was first given.
type names map[string]int

// name reads the name of a lot or release, which nothing else may have.
func (o object) name(what string, taken names) string {
	name := o.required(what, "name")
	switch line, again := taken[name]; {
	case name == "":
	case utf8.RuneCountInString(name) > maxName:
		o.l.fail(o.at("name"), "the name has more than %d characters: use a shorter one", maxName)
	case again:
		o.l.fail(o.at("name"), "%s named %q is in line %d already: names are unique", what, clip(name), line)
	default:
		taken[name] = o.at("name").Line
	}
	return name
}

// nothing is what somebody writes who expects that no app boots. A lot that is
// to fail is no lot to ship.
const nothing = "none"

// expect reads what the lot should boot as flashed.
func (l *loader) expect(out *lot, o object) {
	if !o.has("expect") {
		return
	}
	e, ok := l.object(o.values["expect"], "\"expect\"", "boots", "version")
	if !ok {
		return
	}
	label := e.required("\"expect\"", "boots")
	out.Expect = &bootsim.Expectation{Slot: label, Version: e.text("version")}
	switch {
	case label != "" && out.table != nil:
		l.slot(e.at("boots"), out, label)
	case label == nothing:
		l.fail(e.at("boots"), "\"boots\" is the label of a partition, and %q is none: that nothing boots cannot be expected", label)
	}
}

// slot checks that a label names an application partition of a lot.
func (l *loader) slot(at *yaml.Node, lot *lot, label string) {
	entry, ok := lot.table.Find(label)
	switch {
	case !ok:
		l.fail(at, "lot %q has no partition %q: its table has %s", clip(lot.Name), clip(label), labels(lot.table.Apps()))
	case entry.Type != parttable.TypeApp:
		l.fail(at, "partition %q of lot %q is no application slot: its table has %s", clip(label), clip(lot.Name), labels(lot.table.Apps()))
	}
}

// labels lists partitions for an error, as far as there is room.
func labels(entries []parttable.Entry) string {
	const most = 20
	var out []string
	for i, e := range entries {
		if i == most {
			out = append(out, "…")
			break
		}
		out = append(out, strconv.Quote(e.Name()))
	}
	if out == nil {
		return "no application slot"
	}
	return strings.Join(out, ", ")
}
