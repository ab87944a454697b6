package parttable

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// space tells whether Python's str.strip removes the character.
func space(r rune) bool {
	return unicode.IsSpace(r) || r >= 0x1C && r <= 0x1F
}

// strip removes blanks around a text as Python's str.strip does.
func strip(text string) string { return strings.TrimFunc(text, space) }

// lineEnd tells whether Python's str.splitlines ends a line at the character.
func lineEnd(r rune) bool {
	switch r {
	case '\n', '\r', '\v', '\f', 0x1C, 0x1D, 0x1E, 0x85, 0x2028, 0x2029:
		return true
	}
	return false
}

// nextLine returns the first line of a text, without its end, and the rest.
func nextLine(text string) (line, rest string) {
	i := strings.IndexFunc(text, lineEnd)
	if i < 0 {
		return text, ""
	}
	_, size := utf8.DecodeRuneInString(text[i:])
	if strings.HasPrefix(text[i:], "\r\n") {
		size = 2
	}
	return text[:i], text[i+size:]
}

// lastRune returns the last character of a text and its size in bytes.
func lastRune(text string) (rune, int) { return utf8.DecodeLastRuneInString(text) }

// bytesLiteral returns bytes as Python's repr shows them.
func bytesLiteral(b []byte) string {
	quote := byte('\'')
	if strings.Contains(string(b), "'") && !strings.Contains(string(b), `"`) {
		quote = '"'
	}
	out := []byte{'b', quote}
	for _, c := range b {
		out = append(out, byteLiteral(c, quote)...)
	}
	return string(append(out, quote))
}

func byteLiteral(c, quote byte) string {
	switch {
	case c == '\\' || c == quote:
		return `\` + string(rune(c))
	case c == '\t':
		return `\t`
	case c == '\n':
		return `\n`
	case c == '\r':
		return `\r`
	case c < ' ' || c > '~':
		return fmt.Sprintf(`\x%02x`, c)
	}
	return string(rune(c))
}
