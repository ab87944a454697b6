package cmdline

import "strings"

// word is one word of a text.
type word struct {
	text   string
	line   int
	source string // argument file that it came from
}

// splitter cuts a text into words as a shell would.
type splitter struct {
	text  string
	pos   int
	line  int
	words []word
	lines [][]word
	count int
}

// split returns the words of each line; continued lines count as one.
func split(text string) ([][]word, error) {
	s := &splitter{text: strings.TrimPrefix(text, "\uFEFF"), line: 1}
	for s.pos < len(s.text) {
		if err := s.step(); err != nil {
			return nil, err
		}
	}
	s.endLine()
	return s.lines, nil
}

func (s *splitter) step() error {
	switch c := s.text[s.pos]; {
	case c == '\n':
		s.endLine()
		s.line++
		s.pos++
	case c == ' ' || c == '\t' || c == '\r':
		s.pos++
	case c == '#':
		s.skipToLineEnd()
	case s.continued():
		s.pos++
		s.skipToLineEnd()
		s.line++
		s.pos++
	case strings.IndexByte(";&|<>", c) >= 0:
		s.endLine()
		s.pos++
	default:
		return s.word()
	}
	return nil
}

func (s *splitter) endLine() {
	if len(s.words) > 0 {
		s.lines = append(s.lines, s.words)
		s.words = nil
	}
}

func (s *splitter) skipToLineEnd() {
	for s.pos < len(s.text) && s.text[s.pos] != '\n' {
		s.pos++
	}
}

// continued tells whether a continuation mark stands here: \ (sh), ^ (cmd.exe)
// or ` (PowerShell) with nothing but blanks up to the end of the line.
func (s *splitter) continued() bool {
	if strings.IndexByte("\\^`", s.text[s.pos]) < 0 {
		return false
	}
	rest := s.text[s.pos+1:]
	if i := strings.IndexByte(rest, '\n'); i >= 0 {
		return strings.Trim(rest[:i], " \t\r") == ""
	}
	return strings.Trim(rest, " \t\r") == ""
}

// word reads one word and appends it.
func (s *splitter) word() error {
	start := s.line
	var b strings.Builder
	for s.pos < len(s.text) {
		c := s.text[s.pos]
		if strings.IndexByte(" \t\r\n;&|<>", c) >= 0 || s.continued() {
			break
		}
		if err := s.part(&b, c); err != nil {
			return err
		}
	}
	if s.count++; s.count > maxWords {
		return &Error{Line: start, Word: clip(b.String()), Reason: "too many words for a command line"}
	}
	s.words = append(s.words, word{text: b.String(), line: start})
	return nil
}

// part reads a quotation, an escape, a substitution or one byte of a word.
func (s *splitter) part(b *strings.Builder, c byte) error {
	switch {
	case c == '"' || c == '\'':
		return s.quotation(b, c)
	case c == '\\' && s.pos+1 < len(s.text) && strings.IndexByte(" '\"", s.text[s.pos+1]) >= 0:
		b.WriteByte(s.text[s.pos+1])
		s.pos += 2
	case strings.HasPrefix(s.text[s.pos:], "$("):
		s.substitution(b)
	default:
		b.WriteByte(c)
		s.pos++
	}
	return nil
}

// quotation reads up to the closing quote. Backslashes stay, for Windows
// paths, but for \" inside double quotes.
func (s *splitter) quotation(b *strings.Builder, quote byte) error {
	start := s.line
	for s.pos++; s.pos < len(s.text); s.pos++ {
		c := s.text[s.pos]
		switch {
		case c == quote:
			s.pos++
			return nil
		case c == '\n':
			s.line++
		case quote == '"' && c == '\\' && s.pos+1 < len(s.text) && s.text[s.pos+1] == '"':
			s.pos++
			c = '"'
		case quote == '"' && strings.HasPrefix(s.text[s.pos:], "$("):
			s.substitution(b)
			s.pos--
			continue
		}
		b.WriteByte(c)
	}
	return &Error{Line: start, Word: clip(b.String()), Reason: "a quote that opens here is never closed"}
}

// substitution replaces $(…) by ".": what scripts compute this way in front of
// a path is nearly always their own folder.
func (s *splitter) substitution(b *strings.Builder) {
	depth := 0
	for s.pos++; s.pos < len(s.text); s.pos++ {
		switch s.text[s.pos] {
		case '(':
			depth++
		case ')':
			depth--
		case '\n':
			s.line++
		}
		if depth == 0 {
			s.pos++
			break
		}
	}
	b.WriteByte('.')
}

// clip keeps an error text short.
func clip(s string) string {
	if len(s) > 80 {
		return s[:80] + "…"
	}
	return s
}
