package idf

import (
	"fmt"
	"strconv"
	"strings"
)

// ParseError says that a text names no version of ESP-IDF.
type ParseError struct{ Text string }

func (e *ParseError) Error() string {
	return fmt.Sprintf("%q is no ESP-IDF version; versions look like v4.4.1, v5.2-dev-1148-g96cd3b75cd or v3.3.5-dirty", e.Text)
}

// Parse reads a version as a bootloader's banner, its descriptor or a build
// system shows it, forks' spellings included. The error is a *ParseError.
func Parse(text string) (Version, error) {
	s := strings.TrimSpace(text)
	for _, prefix := range []string{"esp-idf:", "ESP-IDF", "esp-idf-", "idf-", "release/"} {
		s = strings.TrimSpace(strings.TrimPrefix(s, prefix))
	}
	if v, ok := packaged(s); ok {
		return v, nil
	}
	if v, ok := described(s); ok {
		return v, nil
	}
	return Version{}, &ParseError{Text: text}
}

// packaged reads PlatformIO's numbering of its framework packages: 3., a digit and
// two of two, and any more numbers. 3.30300 is v3.3.0, 3.40402.0 is v4.4.2.
func packaged(s string) (Version, bool) {
	s, ok := strings.CutPrefix(s, "3.")
	d, rest := digits(s)
	if !ok || len(d) != 5 {
		return Version{}, false
	}
	v := Version{Major: number(d[:1]), Minor: number(d[1:3]), Patch: number(d[3:]), Stage: StageRelease}
	for more := ""; rest != ""; {
		if more, rest, ok = dotted(rest); !ok || more == "" {
			return Version{}, false
		}
	}
	return v, true
}

// described reads what git describe prints for ESP-IDF's tags: v3.1,
// v4.4.2-dirty, v5.2-beta1-30-g0123abc, the v optional, in one line.
func described(s string) (Version, bool) {
	major, rest := digits(strings.TrimPrefix(s, "v"))
	minor, rest, ok := dotted(rest)
	if major == "" || !ok || strings.Contains(rest, "\n") {
		return Version{}, false
	}
	v := Version{Major: number(major), Minor: number(minor)}
	if patch, after, ok := dotted(rest); ok {
		v.Patch, rest = number(patch), after
	}
	v.Stage, v.Number, rest = staged(rest)
	v.suffix(rest)
	return v, v.Major >= 1 && v.Major <= 99
}

// staged reads the stage of a tag and its number, and returns what follows.
func staged(s string) (stage Stage, n int, rest string) {
	after, ok := strings.CutPrefix(s, "-")
	for i, name := range stageNames {
		if after, named := strings.CutPrefix(after, name); ok && named {
			d, rest := digits(after)
			return Stage(i), number(d), rest
		}
	}
	return StageRelease, 0, s
}

// digits parts a text after the decimal digits that it begins with.
func digits(s string) (d, rest string) {
	n := 0
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	return s[:n], s[n:]
}

// dotted parts a text after the point and the number that it begins with; ok tells
// whether it does, rest is the whole text where it does not.
func dotted(s string) (d, rest string, ok bool) {
	after, ok := strings.CutPrefix(s, ".")
	d, after = digits(after)
	if !ok || d == "" {
		return "", s, false
	}
	return d, after, true
}

// suffix reads what follows a tag: commits, hash, "dirty", in any form that a
// build leaves. Words it does not know name somebody's fork and are ignored.
func (v *Version) suffix(s string) {
	first := true
	for f := range strings.FieldsFuncSeq(s, func(r rune) bool { return r == '-' || r == ' ' || r == '+' || r == '_' }) {
		switch {
		case f == "dirty":
			v.Dirty = true
		case isHash(f):
			v.Hash = strings.TrimPrefix(f, "g")
		case first && isNumber(f):
			v.Commits = number(f)
		}
		first = false
	}
}

// isHash tells a commit's hash, whole or as git abbreviates it, with or without
// the g that describe puts before it.
func isHash(s string) bool {
	s = strings.TrimPrefix(s, "g")
	return len(s) >= 7 && len(s) <= 40 && strings.Trim(s, "0123456789abcdef") == ""
}

func isNumber(s string) bool {
	_, err := strconv.Atoi(s)
	return err == nil
}

// number reads digits; a number too long to be one counts as none.
func number(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0
	}
	return n
}
