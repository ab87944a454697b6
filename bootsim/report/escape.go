package report

import (
	"fmt"
	"path/filepath"
	"strings"
	"unicode"
	"unicode/utf8"
)

// visible returns s as one line that is safe in a terminal, a log and a markup
// document: what is not printable (control and formatting characters, line
// separators, bytes that are no UTF-8) is shown as an escape, never dropped.
func visible(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && n == 1:
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case unicode.IsPrint(r):
			b.WriteRune(r)
		default:
			b.WriteString(escapedRune(r))
		}
		i += n
	}
	return b.String()
}

func escapedRune(r rune) string {
	switch {
	case r == '\n':
		return `\n`
	case r == '\r':
		return `\r`
	case r == '\t':
		return `\t`
	case r < 0x80:
		return fmt.Sprintf(`\x%02x`, r)
	case r < 0x10000:
		return fmt.Sprintf(`\u%04x`, r)
	}
	return fmt.Sprintf(`\U%08x`, r)
}

// visibleLines is visible for a text that may have several lines: a newline
// stays one, everything else that is not printable becomes an escape.
func visibleLines(s string) []string {
	out := strings.Split(strings.TrimRight(s, "\n"), "\n")
	for i, line := range out {
		out[i] = visible(strings.TrimSuffix(line, "\r"))
	}
	return out
}

// block is visibleLines joined again.
func block(s string) string { return strings.Join(visibleLines(s), "\n") }

// slashed is a path as the user gave it, with forward slashes.
func slashed(path string) string { return filepath.ToSlash(path) }

// hex names a flash address.
func hex(addr uint32) string { return fmt.Sprintf("0x%08x", addr) }
