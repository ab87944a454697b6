package script

import (
	"errors"
	"strings"
)

// token is a word, or an operator of the shell.
type token struct {
	text string
	op   bool
	// pattern tells of an asterisk outside of quotes.
	pattern bool
}

var (
	errOpenQuote    = errors.New("a quote that opens here is never closed")
	errSubstitution = errors.New("what another command prints ($(…) or `…`) is not known")
)

// lexer cuts a line into tokens.
type lexer struct {
	s       string
	pos     int
	vars    map[string]string
	word    strings.Builder
	inWord  bool
	pattern bool
	quoted  bool // inside double quotes, or behind the = of an assignment
	out     []token
	since   int // of out, where the present call begins
}

func lex(line string, vars map[string]string) ([]token, error) {
	l := &lexer{s: line, vars: vars}
	for l.pos < len(l.s) {
		if err := l.step(); err != nil {
			return nil, err
		}
	}
	l.endWord()
	return l.out, nil
}

func (l *lexer) endWord() {
	if l.inWord {
		l.out = append(l.out, token{text: l.word.String(), pattern: l.pattern})
	}
	l.word.Reset()
	l.inWord, l.pattern = false, false
}

func (l *lexer) add(s string) {
	l.word.WriteString(s)
	l.inWord = true
}

func (l *lexer) step() error {
	c := l.s[l.pos]
	switch {
	case c == ' ' || c == '\t' || c == '\n':
		l.endWord()
		l.pos++
	case c == '#' && !l.inWord:
		l.pos = len(l.s)
	case strings.IndexByte("|&;<>()", c) >= 0:
		l.operator()
	case c == '\'':
		return l.single()
	case c == '"':
		return l.double()
	case c == '\\':
		l.escape(" \"'$&|;<>()\\`#")
	case c == '$' || c == '%' || c == '`':
		l.quoted = assignment.MatchString(l.word.String())
		err := l.variable()
		l.quoted = false
		return err
	default:
		l.pattern = l.pattern || c == '*'
		l.add(l.s[l.pos : l.pos+1])
		l.pos++
	}
	return nil
}

// operators of the shell, longest first.
func operators() []string {
	return []string{"2>&1", "&>>", "<<<", "&&", "||", ">>", ">&", "&>", "<<", "|", "&", ";", ">", "<", "(", ")"}
}

func (l *lexer) operator() {
	text := ""
	if l.inWord && l.word.String() == "2" && l.s[l.pos] == '>' { // standard error
		text = "2"
		l.word.Reset()
		l.inWord = false
	}
	l.endWord()
	for _, op := range operators() {
		if strings.HasPrefix(text+l.s[l.pos:], op) {
			l.pos += len(op) - len(text)
			if op == ";" || op == "&&" {
				l.settle()
				l.since++
			}
			l.out = append(l.out, token{text: op, op: true})
			return
		}
	}
	for _, op := range []string{">>", ">"} { // 2> and 2>>
		if strings.HasPrefix(l.s[l.pos:], op) {
			l.pos += len(op)
			l.out = append(l.out, token{text: "2>", op: true})
			return
		}
	}
}

// escape takes the character behind a backslash as it is, if it is one of
// those; before others the backslash stays, for Windows paths.
func (l *lexer) escape(special string) {
	if l.pos+1 < len(l.s) && strings.IndexByte(special, l.s[l.pos+1]) >= 0 {
		l.add(l.s[l.pos+1 : l.pos+2])
		l.pos += 2
		return
	}
	l.add("\\")
	l.pos++
}

func (l *lexer) single() error {
	end := strings.IndexByte(l.s[l.pos+1:], '\'')
	if end < 0 {
		return errOpenQuote
	}
	l.add(l.s[l.pos+1 : l.pos+1+end])
	l.pos += end + 2
	return nil
}

func (l *lexer) double() error {
	l.add("")
	for l.pos++; l.pos < len(l.s); {
		switch c := l.s[l.pos]; c {
		case '"':
			l.pos++
			return nil
		case '\\':
			l.escape("\"$`\\")
		case '$', '%', '`':
			l.quoted = true
			err := l.variable()
			l.quoted = false
			if err != nil {
				return err
			}
		default:
			l.add(l.s[l.pos : l.pos+1])
			l.pos++
		}
	}
	return errOpenQuote
}
