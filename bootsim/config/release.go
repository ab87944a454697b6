package config

import (
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/bootsim/bootsim/bootsim"
)

func (l *loader) release(n *yaml.Node, taken names) bootsim.Release {
	out := bootsim.Release{Source: l.file}
	o, ok := l.object(n, "a release", "name", "build", "artifacts")
	if !ok {
		return out
	}
	out.Name = o.name("a release", taken)
	if !o.has("artifacts") && !o.has("build") {
		l.fail(n, "a release needs the key \"artifacts\", or \"build\" with what to make them of")
	}
	for _, item := range o.list("build") {
		out.Build = append(out.Build, l.plaintext(item))
	}
	for _, item := range o.list("artifacts") {
		out.Artifacts = append(out.Artifacts, l.artifacts(item)...)
	}
	return out
}

// artifacts reads one file of a release, or all that a bundle holds.
func (l *loader) artifacts(n *yaml.Node) []bootsim.Artifact {
	o, ok := l.object(n, "an artifact", "file", "bundle", "lots", "slots", "encrypted", "version")
	if !ok {
		return nil
	}
	if o.has("bundle") {
		return l.bundle(o)
	}
	out := l.targeted(o, "an artifact", "file")
	out.Encrypted = o.isTrue("encrypted")
	return []bootsim.Artifact{out}
}

// plaintext reads one app that artifacts are made of.
func (l *loader) plaintext(n *yaml.Node) bootsim.Source {
	o, ok := l.object(n, "an app to build from", "app", "lots", "slots", "encrypted", "version")
	if !ok {
		return bootsim.Source{}
	}
	out := bootsim.Source{Artifact: l.targeted(o, "an app to build from", "app")}
	if encrypted := o.flag("encrypted"); encrypted != nil {
		out.Plaintext = !*encrypted
	}
	return out
}

// targeted reads a file with the lots, slots and version that it is for; key
// names the file.
func (l *loader) targeted(o object, what, key string) bootsim.Artifact {
	name := o.required(what, key)
	data, _ := l.load(o.at(key), name, maxImage)
	out := bootsim.Artifact{File: l.files.shown(name), Data: data, Version: o.text("version")}
	named := o.oneOrMore("lots")
	for _, lot := range named {
		out.Lots = append(out.Lots, lot.Value)
	}
	lots := l.targets(named)
	for _, slot := range o.oneOrMore("slots") {
		out.Slots = append(out.Slots, slot.Value)
		l.slotOfAny(slot, lots)
	}
	return out
}

// targets returns the lots that an artifact is for, and reports unknown ones.
func (l *loader) targets(named []*yaml.Node) []*lot {
	if len(named) == 0 {
		return l.lots
	}
	byName := map[string]*lot{}
	var known []string
	for _, lot := range l.lots {
		byName[lot.Name] = lot
		known = append(known, lot.Name)
	}
	var out []*lot
	for _, n := range named {
		lot := byName[n.Value]
		if lot == nil {
			l.unknownLot(n, known)
			continue
		}
		out = append(out, lot)
	}
	return out
}

func (l *loader) unknownLot(n *yaml.Node, known []string) {
	if l.errs.full() || len(known) == 0 { // without lots, that is the mistake, and it has been told
		return
	}
	if near := closest(n.Value, known); near != "" {
		l.fail(n, "there is no lot %q: did you mean %q?", clip(n.Value), clip(near))
		return
	}
	l.fail(n, "there is no lot %q: the lots are %s", clip(n.Value), clip(strings.Join(known, ", ")))
}

// slotOfAny checks that a slot exists in at least one of the lots that an
// artifact is for: lots with other layouts simply have no use for it. A lot
// whose table is not known might have it.
func (l *loader) slotOfAny(at *yaml.Node, lots []*lot) {
	if l.errs.full() {
		return // hostile configurations make this slow
	}
	for _, lot := range lots {
		if lot.table == nil {
			return
		}
		if _, ok := lot.table.Find(at.Value); ok {
			l.slot(at, lot, at.Value)
			return
		}
	}
	switch len(lots) {
	case 0:
	case 1:
		l.slot(at, lots[0], at.Value)
	default:
		l.fail(at, "none of the lots that this is for has a partition %q", clip(at.Value))
	}
}
