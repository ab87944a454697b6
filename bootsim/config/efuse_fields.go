package config

import (
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/bootsim/bootsim/emu/efuse"
)

// fields burns fields by name. They are burnt together, so that protection
// bits among them do not get in the way of the others.
func (l *loader) fields(out *lot, n *yaml.Node) {
	if n.Kind != yaml.MappingNode || len(n.Content) == 0 {
		l.fail(n, "\"fields\" is a mapping of eFuse names to values, such as FLASH_CRYPT_CNT: 1")
		return
	}
	batch, seen := out.Efuses.Begin(), names{}
	var asked []burnt
	for i := 0; i+1 < len(n.Content); i += 2 {
		if one, ok := l.field(n.Content[i], n.Content[i+1], seen); ok {
			asked = append(asked, one)
			if err := batch.Field(one.field, one.value); err != nil {
				l.fail(one.at, "%v", err)
			}
		}
	}
	if err := batch.Commit(); err != nil {
		l.fail(n, "these fields cannot be burnt: %v", err)
		return
	}
	l.confirm(out.Efuses, asked)
}

// burnt is a field that the configuration gives a value.
type burnt struct {
	field efuse.Field
	value uint64
	at    *yaml.Node
}

func (l *loader) field(key, value *yaml.Node, seen names) (burnt, bool) {
	f, err := efuse.Lookup(key.Value)
	if key.Kind != yaml.ScalarNode || err != nil {
		l.fail(key, "%v", err)
		return burnt{}, false
	}
	if line, again := seen[f.Name]; again {
		l.fail(key, "the eFuse %s is given twice, first in line %d", f.Name, line)
		return burnt{}, false
	}
	seen[f.Name] = key.Line
	if f.WholeBlock() {
		l.fail(key, "%s may hold a key: put the flash encryption key into a file and name it with \"key\", or use a dump", f.Name)
		return burnt{}, false
	}
	v, ok := l.fieldValue(key.Value, value)
	return burnt{f, v, value}, ok
}

// confirm reports fields that the dump or the chip's revision makes differ
// from what was asked, which a burn of fewer bits does not mind.
func (l *loader) confirm(s *efuse.Set, asked []burnt) {
	for _, b := range asked {
		if got := s.GetHidden(b.field); got != b.value && got&b.value == b.value {
			l.fail(b.at, "eFuse %s is 0x%x already and cannot become 0x%x: a burnt bit stays", b.field.Name, got, b.value)
		}
	}
}

// fieldValue reads a number, or true or false for a field of one bit.
func (l *loader) fieldValue(name string, n *yaml.Node) (uint64, bool) {
	if n.Kind == yaml.ScalarNode && n.ShortTag() == "!!bool" {
		if strings.EqualFold(n.Value, "true") {
			return 1, true
		}
		return 0, true
	}
	s, ok := l.text(n, name)
	if !ok {
		return 0, false
	}
	v, err := parseNumber(s, 1<<64-1)
	if err != nil {
		l.fail(n, "%q: %v", name, err)
	}
	return v, err == nil
}
