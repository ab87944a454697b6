package config

import (
	"bytes"
	"errors"
	"io"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Bounds of a configuration document.
const (
	maxConfig = 1 << 20 // bytes
	maxNodes  = 50_000
	maxDepth  = 20 // the format itself needs 8
)

// parse reads the one YAML document of a configuration, or returns nil. It
// refuses what a description of lots never needs and a hostile file lives on:
// anchors and aliases, tags, further documents, deep nesting.
func (l *loader) parse(text []byte) *yaml.Node {
	d := yaml.NewDecoder(bytes.NewReader(text))
	var doc, more yaml.Node
	if err := d.Decode(&doc); errors.Is(err, io.EOF) || err == nil && len(doc.Content) == 0 {
		l.errs.addAt(1, 0, "the configuration is empty: start it with \"version: 1\" and \"lots:\"")
		return nil
	} else if err != nil {
		l.syntax(err)
		return nil
	}
	if err := d.Decode(&more); err == nil {
		l.fail(&more, "a second YAML document: a configuration has one; remove the line \"---\" and what follows")
		return nil
	} else if !errors.Is(err, io.EOF) {
		l.syntax(err)
		return nil
	}
	g := guard{l: l}
	if !g.plain(doc.Content[0], 0) {
		return nil
	}
	return doc.Content[0]
}

// syntax reports what the YAML parser says, which names a line only in words.
func (l *loader) syntax(err error) {
	message, line := strings.TrimPrefix(err.Error(), "yaml: "), 1
	if m := regexp.MustCompile(`^line (\d+): `).FindStringSubmatch(message); m != nil {
		line, _ = strconv.Atoi(m[1])
		message = message[len(m[0]):]
	}
	l.errs.addAt(max(line, 1), 0, "not valid YAML: "+message)
}

// guard walks a document once and stops at the first thing that it refuses.
type guard struct {
	l     *loader
	nodes int
}

func (g *guard) plain(n *yaml.Node, depth int) bool {
	g.nodes++
	switch {
	case g.nodes > maxNodes:
		g.l.fail(n, "the configuration has more than %d values: split it", maxNodes)
	case depth > maxDepth:
		g.l.fail(n, "nested more than %d levels deep: no part of the format is", maxDepth)
	case n.Kind == yaml.AliasNode || n.Anchor != "":
		g.l.fail(n, "anchors and aliases (& and *) are not supported: repeat the value, or quote it if it is text")
	case n.Style&yaml.TaggedStyle != 0:
		g.l.fail(n, "tags (!) are not supported: quote the value if it is text")
	default:
		return g.children(n, depth)
	}
	return false
}

func (g *guard) children(n *yaml.Node, depth int) bool {
	for _, c := range n.Content {
		if !g.plain(c, depth+1) {
			return false
		}
	}
	return true
}
