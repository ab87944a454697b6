package script

import (
	"strings"

	"github.com/bootsim/bootsim/emu/pattern"
)

// variableForm is $NAME, ${NAME}, ${NAME:-default} or %NAME% at the start of a text.
var variableForm = pattern.Of(`^(?:\$([A-Za-z_]\w*)|\$\{([A-Za-z_]\w*|\d+)(?::?-([^}]*))?\}|%([A-Za-z_]\w*)%)`)

// maxValue bounds a variable and a word with variables filled in, in bytes.
const maxValue = 1 << 14

// variable replaces a variable by what the text sets it to. One that it does
// not set stays as it is written, as does a lone $ or %.
func (l *lexer) variable() error {
	rest := l.s[l.pos:]
	if strings.HasPrefix(rest, "$(") || rest[0] == '`' {
		return l.substitution()
	}
	m := variableForm.FindStringSubmatch(rest)
	if m == nil {
		l.add(rest[:1])
		l.pos++
		return nil
	}
	l.pos += len(m[0])
	value, known := l.vars[m[1]+m[2]+m[4]]
	switch {
	case !known && m[3] != "":
		value = innerForm.ReplaceAllStringFunc(m[3], l.inner)
	case !known || l.word.Len()+len(value) > maxValue:
		value = m[0]
	}
	if l.quoted || !known {
		l.add(value)
		return nil
	}
	l.spread(value)
	return nil
}

// spread adds a value that stands outside of quotes: its blanks part words.
func (l *lexer) spread(value string) {
	for i, word := range strings.Fields(value) {
		if i > 0 {
			l.endWord()
		}
		l.add(word)
	}
}

// innerForm is a variable inside a default.
var innerForm = pattern.Of(`\$\w+`)

func (l *lexer) inner(name string) string {
	if v, known := l.vars[name[1:]]; known {
		return v
	}
	return name
}

// settle takes assignments that stand alone into account before the rest of
// their line is read.
func (l *lexer) settle() {
	last := l.out[l.since:]
	l.since = len(l.out)
	for _, t := range last {
		if t.op || !assignment.MatchString(t.text) {
			return
		}
	}
	for _, t := range last {
		name, value, _ := strings.Cut(t.text, "=")
		l.vars[name] = value
	}
}

// substitution replaces $(…) by the script's own folder where it computes that;
// of others nobody knows what they print.
func (l *lexer) substitution() error {
	end, depth := l.pos, 0
	for i := l.pos; i < len(l.s) && end == l.pos; i++ {
		switch c := l.s[i]; {
		case c == '`' && i > l.pos && l.s[l.pos] == '`':
			end = i + 1
		case c == '(':
			depth++
		case c == ')':
			if depth--; depth == 0 {
				end = i + 1
			}
		}
	}
	inner := l.s[l.pos:end]
	if end == l.pos || !strings.Contains(inner, "dirname") && !strings.Contains(inner, "pwd") {
		return errSubstitution
	}
	l.add(".")
	l.pos = end
	return nil
}

// assignment is NAME=value.
var assignment = pattern.Of(`^([A-Za-z_]\w*)=(.*)$`)

// assign takes assignments off the front of a call, and those of export and set.
func (r *reader) assign(words []token) []token {
	for len(words) > 0 {
		m := assignment.FindStringSubmatch(words[0].text)
		if m == nil {
			break
		}
		if len(m[2]) <= maxValue {
			r.vars[m[1]] = m[2]
		}
		words = words[1:]
	}
	return words
}
