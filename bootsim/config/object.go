package config

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// object is a mapping of which every key is known.
type object struct {
	l      *loader
	node   *yaml.Node
	values map[string]*yaml.Node
}

// object reads a mapping; what names it in errors. Unknown keys and keys given
// twice are reported and left out.
func (l *loader) object(n *yaml.Node, what string, known ...string) (object, bool) {
	o := object{l: l, node: n, values: map[string]*yaml.Node{}}
	if n.Kind != yaml.MappingNode {
		l.fail(n, "%s is a mapping with the keys %s", what, strings.Join(known, ", "))
		return o, false
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		switch first := o.values[key.Value]; {
		case key.Kind != yaml.ScalarNode || !contains(known, key.Value):
			l.unknownKey(key, what, known)
		case first != nil:
			l.fail(key, "the key %q is given twice, first in line %d", key.Value, first.Line)
		default:
			o.values[key.Value] = value
		}
	}
	return o, true
}

func (l *loader) unknownKey(key *yaml.Node, what string, known []string) {
	if key.Kind != yaml.ScalarNode {
		l.fail(key, "a key of %s is a word, not a list or mapping", what)
	} else if near := closest(key.Value, known); near != "" {
		l.fail(key, "%s has no key %q: did you mean %q?", what, clip(key.Value), near)
	} else {
		l.fail(key, "%s has no key %q: it can have %s", what, clip(key.Value), strings.Join(known, ", "))
	}
}

func (o object) has(key string) bool { return o.values[key] != nil }

// at is the node to blame for a key: its value, or the whole mapping.
func (o object) at(key string) *yaml.Node {
	if v := o.values[key]; v != nil {
		return v
	}
	return o.node
}

// text returns a key's value as it is written; "" when the key is not there.
func (o object) text(key string) string {
	if !o.has(key) {
		return ""
	}
	s, _ := o.l.text(o.values[key], key)
	return s
}

// required is text that must be there.
func (o object) required(what, key string) string {
	if !o.has(key) {
		o.l.fail(o.node, "%s needs the key %q", what, key)
	}
	return o.text(key)
}

// text reads one scalar that is not empty and can be shown on one line.
func (l *loader) text(n *yaml.Node, key string) (string, bool) {
	switch {
	case n.Kind != yaml.ScalarNode:
		l.fail(n, "%q is a single value, not a list or mapping", key)
	case n.ShortTag() == "!!null" || strings.TrimSpace(n.Value) == "":
		l.fail(n, "%q is empty: give a value, or remove the key", key)
	case n.ShortTag() == "!!bool":
		l.fail(n, "%q is text or a number, not true or false: quote the value if it is text", key)
	case !printable(n.Value):
		l.fail(n, "%q has characters that cannot be shown: use one line of printable text", key)
	default:
		return n.Value, true
	}
	return "", false
}

func printable(s string) bool {
	return utf8.ValidString(s) && strings.IndexFunc(s, func(r rune) bool { return !unicode.IsPrint(r) }) < 0
}

// flag returns a key's true or false; nil when the key is not there.
func (o object) flag(key string) *bool {
	if !o.has(key) {
		return nil
	}
	var v bool
	if n := o.values[key]; n.Kind != yaml.ScalarNode || n.ShortTag() != "!!bool" || n.Decode(&v) != nil {
		o.l.fail(n, "%q is true or false", key)
		return nil
	}
	return &v
}

// isTrue is flag with false when the key is not there.
func (o object) isTrue(key string) bool {
	v := o.flag(key)
	return v != nil && *v
}

// number returns a key's number up to a limit.
func (o object) number(key string, limit uint64) (uint64, bool) {
	s := o.text(key)
	if s == "" {
		return 0, false
	}
	v, err := parseNumber(s, limit)
	if err != nil {
		o.l.fail(o.values[key], "%q: %v", key, err)
		return 0, false
	}
	return v, true
}

// list returns the items of a key; none when the key is not there.
func (o object) list(key string) []*yaml.Node {
	n := o.values[key]
	switch {
	case n == nil:
		return nil
	case n.Kind != yaml.SequenceNode:
		o.l.fail(n, "%q is a list: put \"- \" before each item", key)
	case len(n.Content) == 0:
		o.l.fail(n, "%q is empty: add an item, or remove the key", key)
	case len(n.Content) > maxItems:
		o.l.fail(n, "%q has %d items: at most %d are read", key, len(n.Content), maxItems)
	default:
		return n.Content
	}
	return nil
}

// oneOrMore returns the items of a list of texts, for which a single text may stand.
func (o object) oneOrMore(key string) []*yaml.Node {
	n := o.values[key]
	items := []*yaml.Node{n}
	if n == nil || n.Kind != yaml.ScalarNode {
		items = o.list(key)
	}
	var out []*yaml.Node
	for _, item := range items {
		if _, ok := o.l.text(item, key); ok {
			out = append(out, item)
		}
	}
	return out
}
