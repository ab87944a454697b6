package bootloader

import (
	"bytes"
	"slices"
	"strings"

	"github.com/bootsim/bootsim/emu/pattern"
	"github.com/bootsim/bootsim/flashmodel/espimage"
)

// evidence is what the strings of a bootloader's binary say about it.
type evidence struct {
	literals []string       // in the order of the linker
	formats  map[spoken]int // log formats without envelope, and where among literals
	bare     map[string]int // literals without envelope, and where
	levels   map[byte]int   // how many formats there are of a level

	said map[message]bool // answers of says, which is asked for every release
	held map[string]bool  // answers of contains
}

// spoken is a log format of a level.
type spoken struct {
	level byte
	text  string
}

// envelope is what the log macros put around a text: colours, level, time, tag
// (spec 2.1). Texts printed without one have none.
var envelope = pattern.Of(`(?s)^(?:\x1b\[[0-9;]*m)?([EWIDV]) \(%l?[du]\) %s: (.*?)(?:\x1b\[0m)?\n?$`)

// minLiteral is the length below which bytes are not taken for a string.
const minLiteral = 3

func evidenceOf(im *espimage.Image, b []byte) *evidence {
	e := &evidence{formats: map[spoken]int{}, bare: map[string]int{}, levels: map[byte]int{},
		said: map[message]bool{}, held: map[string]bool{}}
	for _, s := range im.Segments {
		end := uint64(s.DataOffset) + uint64(s.Length)
		if espimage.ClassOf(s.LoadAddr) != espimage.ClassDRAM || end > uint64(len(b)) {
			continue
		}
		for l := range bytes.SplitSeq(b[s.DataOffset:end], []byte{0}) {
			e.add(printableTail(l))
		}
	}
	return e
}

// printableTail returns the text at the end of what stands before a zero byte.
func printableTail(b []byte) string {
	i := len(b)
	for i > 0 && (b[i-1] >= ' ' && b[i-1] < 0x7F || b[i-1] == '\n' || b[i-1] == '\r' || b[i-1] == '\t' || b[i-1] == 0x1B) {
		i--
	}
	return string(b[i:])
}

func (e *evidence) add(literal string) {
	if len(literal) < minLiteral {
		return
	}
	at := len(e.literals)
	e.literals = append(e.literals, literal)
	if m := envelope.FindStringSubmatch(literal); m != nil {
		e.formats[spoken{m[1][0], plainFormat(m[2])}] = at
		e.levels[m[1][0]]++
		return
	}
	e.bare[plainFormat(strings.TrimRight(literal, "\n"))] = at
}

// plainFormat spells the conversions of a format as the catalogue does: without
// length modifiers, signed and unsigned alike.
func plainFormat(s string) string { return conversions.Replace(s) }

var conversions = strings.NewReplacer("%lu", "%d", "%ld", "%d", "%u", "%d", "%lx", "%x", "%08lx", "%08x", "%05lx", "%05x",
	"%6lu", "%6d", "%6ld", "%6d", "%6u", "%6d", "%02lx", "%02x", "%lX", "%X", "%zu", "%d", "%i", "%d", "%u", "%d")

// says tells whether a message is compiled in. Logs of version 2 (v5.5 and
// later) keep texts without envelope.
func (e *evidence) says(m message) bool {
	answer, asked := e.said[m]
	if asked {
		return answer
	}
	text := plainFormat(m.text)
	if _, answer = e.formats[spoken{m.level, text}]; !answer {
		_, answer = e.bare[text]
	}
	e.said[m] = answer
	return answer
}

// contains tells whether a text occurs anywhere in the strings: the linker
// stores a string that is the end of another one only once.
func (e *evidence) contains(text string) bool {
	answer, asked := e.held[text]
	if !asked {
		answer = slices.ContainsFunc(e.literals, func(l string) bool { return strings.Contains(l, text) })
		e.held[text] = answer
	}
	return answer
}

// beginning returns the first format of a level that begins with a text, and
// what follows that beginning.
func (e *evidence) beginning(level byte, prefix string) (rest string, ok bool) {
	for f := range e.formats {
		if rest, found := strings.CutPrefix(f.text, prefix); found && f.level == level {
			return rest, true
		}
	}
	return "", false
}

// logLevel is the highest level of which the build kept messages. A single
// message of a higher level than all others may be the doing of one file.
func (e *evidence) logLevel() (LogLevel, bool) {
	for l := LogVerbose; l > LogNone; l-- {
		if e.levels[levelLetters[l]] >= 2 {
			return l, true
		}
	}
	return LogNone, len(e.levels) > 0
}
