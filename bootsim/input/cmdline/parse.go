package cmdline

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// parser goes through the words of one command.
type parser struct {
	c        Command
	o        Options
	words    []word
	pos      int
	verbSeen bool
	encrypt  bool // --encrypt: every pair
	listed   bool // after --encrypt-files: the pairs that follow
	unknown  bool // the word before was an option that is not known
}

// parseCommand reads one command; ok is false when it is none of esptool's.
func parseCommand(words []word, o Options, budget *int) (Command, bool, error) {
	verb, at := findVerb(words)
	if at < 0 {
		if !continues(words[0].text) && !strings.HasPrefix(words[0].text, "@") {
			return Command{}, false, nil
		}
		verb = List
	}
	words, err := expandFiles(words, o, budget, 0)
	if err != nil {
		return Command{}, false, err
	}
	p := &parser{o: o, words: words, verbSeen: at < 0}
	p.c = Command{Verb: verb, Line: words[0].line}
	for p.pos < len(p.words) {
		if err := p.step(); err != nil {
			return p.c, false, err
		}
	}
	for i := range p.c.Pairs {
		p.c.Pairs[i].Encrypt = p.c.Pairs[i].Encrypt || p.encrypt
	}
	return p.c, verb == Erase || len(p.c.Pairs) > 0, nil
}

// expandFiles replaces each @FILE by the words in it.
func expandFiles(words []word, o Options, budget *int, depth int) ([]word, error) {
	var out []word
	for _, w := range words {
		if *budget--; *budget < 0 {
			return nil, &Error{Source: w.source, Line: w.line, Word: clip(w.text), Reason: "too many words for a command line"}
		}
		if len(w.text) < 2 || w.text[0] != '@' {
			out = append(out, w)
			continue
		}
		*budget -= fileCost
		inner, err := readArguments(w, o, depth)
		if err != nil {
			return nil, err
		}
		inner, err = expandFiles(inner, o, budget, depth+1)
		if err != nil {
			return nil, err
		}
		out = append(out, inner...)
	}
	if len(out) == 0 {
		return nil, &Error{Line: words[0].line, Word: clip(words[0].text), Reason: "the argument file holds nothing"}
	}
	return out, nil
}

// readArguments returns the words of one argument file.
func readArguments(w word, o Options, depth int) ([]word, error) {
	fail := func(reason string) ([]word, error) {
		return nil, &Error{Source: w.source, Line: w.line, Word: clip(w.text), Reason: reason}
	}
	if o.ReadFile == nil || depth >= maxDepth {
		return fail("an argument file cannot be read from here")
	}
	text, err := o.ReadFile(w.text[1:])
	if err != nil {
		return fail(err.Error())
	}
	if len(text) > MaxText {
		return fail("too large for an argument file")
	}
	lines, err := split(text)
	if err != nil {
		return fail(err.Error())
	}
	var words []word
	for _, l := range lines {
		for _, v := range l {
			v.source = w.text[1:]
			words = append(words, v)
		}
	}
	if len(words) == 0 {
		return fail("the argument file holds nothing")
	}
	return words, nil
}

// step reads the next option or pair.
func (p *parser) step() error {
	w := p.words[p.pos]
	if isOption(w.text) {
		p.pos++
		p.option(w)
		return nil
	}
	if !p.verbSeen {
		p.pos++
		p.verbSeen = verbOf(w.text)
		return nil
	}
	if p.c.Verb == Erase {
		p.pos++
		return nil
	}
	return p.pair(w)
}

func verbOf(s string) bool {
	_, at := findVerb([]word{{text: s}})
	return at == 0
}

// pair reads an address and the file that goes there.
func (p *parser) pair(w word) error {
	address, err := parseAddress(w.text)
	if err != nil {
		p.pos++
		if p.unknown { // the value of an option that is not known
			p.unknown = false
			return nil
		}
		return &Error{Source: w.source, Line: w.line, Word: clip(w.text), Reason: err.Error()}
	}
	p.unknown = false
	if p.pos+1 >= len(p.words) || isOption(p.words[p.pos+1].text) {
		return &Error{Source: w.source, Line: w.line, Word: clip(w.text), Reason: "no file follows this address"}
	}
	f := p.words[p.pos+1]
	p.pos += 2
	p.c.Pairs = append(p.c.Pairs, Pair{Address: address, File: f.text, From: f.source, Line: f.line, Encrypt: p.listed})
	return nil
}

// parseAddress reads an address as esptool does: decimal, or with 0x, 0o, 0b.
func parseAddress(s string) (uint32, error) {
	v, err := strconv.ParseUint(strings.ToLower(s), 0, 64)
	if err != nil {
		return 0, fmt.Errorf("expected a flash address such as 0x10000, then a file")
	}
	if v > math.MaxUint32 {
		return 0, fmt.Errorf("address beyond 32 bits; an ESP32 has at most 0x1000000 bytes of flash")
	}
	return uint32(v), nil
}
