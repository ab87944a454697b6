package idf

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// ParseError says that a text names no version of ESP-IDF.
type ParseError struct{ Text string }

func (e *ParseError) Error() string {
	return fmt.Sprintf("%q is no ESP-IDF version; versions look like v4.4.1, v5.2-dev-1148-g96cd3b75cd or v3.3.5-dirty", e.Text)
}

var (
	// described is what git describe prints for ESP-IDF's tags.
	described = regexp.MustCompile(`^v?(\d+)\.(\d+)(?:\.(\d+))?(?:-(dev|beta|rc)(\d*))?(.*)$`)
	// packaged is PlatformIO's numbering of its framework packages:
	// 3.30300 is v3.3.0, 3.40402.0 is v4.4.2.
	packaged = regexp.MustCompile(`^3\.(\d)(\d\d)(\d\d)(?:\.\d+)*$`)
	hexHash  = regexp.MustCompile(`^g?[0-9a-f]{7,40}$`)
)

// Parse reads a version as a bootloader's banner, its descriptor or a build
// system shows it, forks' spellings included. The error is a *ParseError.
func Parse(text string) (Version, error) {
	s := strings.TrimSpace(text)
	for _, prefix := range []string{"esp-idf:", "ESP-IDF", "esp-idf-", "idf-", "release/"} {
		s = strings.TrimSpace(strings.TrimPrefix(s, prefix))
	}
	if m := packaged.FindStringSubmatch(s); m != nil {
		return Version{Major: number(m[1]), Minor: number(m[2]), Patch: number(m[3]), Stage: StageRelease}, nil
	}
	m := described.FindStringSubmatch(s)
	if m == nil || number(m[1]) < 1 || number(m[1]) > 99 {
		return Version{}, &ParseError{Text: text}
	}
	v := Version{Major: number(m[1]), Minor: number(m[2]), Patch: number(m[3]), Stage: stageOf(m[4]), Number: number(m[5])}
	v.suffix(m[6])
	return v, nil
}

// suffix reads what follows a tag: commits, hash, "dirty", in any form that a
// build leaves. Words it does not know name somebody's fork and are ignored.
func (v *Version) suffix(s string) {
	fields := strings.FieldsFunc(s, func(r rune) bool { return r == '-' || r == ' ' || r == '+' || r == '_' })
	for i, f := range fields {
		switch {
		case f == "dirty":
			v.Dirty = true
		case hexHash.MatchString(f):
			v.Hash = strings.TrimPrefix(f, "g")
		case i == 0 && isNumber(f):
			v.Commits = number(f)
		}
	}
}

func stageOf(name string) Stage {
	for s, n := range stageNames {
		if n == name && name != "" {
			return Stage(s)
		}
	}
	return StageRelease
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
