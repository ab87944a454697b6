package config

import (
	"path"

	"go.yaml.in/yaml/v3"
)

// withLots starts a plan with its lots.
func (l *loader) withLots(o object) *Plan {
	l.readLots(o)
	p := &Plan{}
	for _, lot := range l.lots {
		p.Lots = append(p.Lots, lot.Lot)
	}
	return p
}

// lotsAlone reads a configuration and passes over its releases.
func (l *loader) lotsAlone(root *yaml.Node) *Plan {
	o, ok := l.root(root)
	if !ok {
		return nil
	}
	return l.withLots(o)
}

// readLots reads the lots of this configuration, or of the one that it names.
func (l *loader) readLots(o object) {
	switch {
	case o.has("lots") && o.has("lots_from"):
		l.fail(o.at("lots_from"), "\"lots\" and \"lots_from\" exclude each other: keep one")
	case o.has("lots_from"):
		l.lotsFrom(o.at("lots_from"), o.text("lots_from"))
		return
	case !o.has("lots"):
		l.fail(o.node, "no lots: describe at least one below the key \"lots\"")
	}
	taken := names{}
	for _, n := range o.list("lots") {
		l.lots = append(l.lots, l.lot(n, taken))
	}
}

// lotsFrom reads the lots of another configuration, with paths relative to
// that one. Its mistakes are told under its own name.
func (l *loader) lotsFrom(at *yaml.Node, name string) {
	text, ok := l.load(at, name, maxConfig)
	if !ok {
		return
	}
	other := &loader{file: l.files.shown(name)}
	other.files = l.files.in(path.Dir(other.file))
	other.errs.file = other.file
	if root := other.parse(text); root != nil {
		other.onlyLots(root)
	}
	l.files.loaded = other.files.loaded
	l.errs.take(&other.errs)
	l.lots = other.lots
}

// onlyLots reads a configuration that another one takes its lots from.
func (l *loader) onlyLots(root *yaml.Node) {
	o, ok := l.root(root)
	if !ok {
		return
	}
	if o.has("lots_from") {
		l.fail(o.at("lots_from"), "this configuration takes its lots from another one in turn: name that one instead")
		return
	}
	l.readLots(o)
}
