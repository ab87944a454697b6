package idf_test

import (
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/bootsim/bootsim/emu/idf"
)

// The forms of a version, as expressions: git describe's, PlatformIO's numbering
// of packages, and a commit's hash.
var (
	described = regexp.MustCompile(`^v?(\d+)\.(\d+)(?:\.(\d+))?(?:-(dev|beta|rc)(\d*))?(.*)$`)
	packaged  = regexp.MustCompile(`^3\.(\d)(\d\d)(\d\d)(?:\.\d+)*$`)
	separator = regexp.MustCompile(`[- +_]+`)
	hexHash   = regexp.MustCompile(`^g?([0-9a-f]{7,40})$`)
)

// TestForms holds the reader against those expressions, on texts made of a
// version's parts in any order.
func TestForms(t *testing.T) {
	part := rapid.OneOf(rapid.SampledFrom([]string{
		"v", "g", "3", "3.", ".", "..", "-", "_", "+", " ", "dev", "-dev", "beta", "-beta2", "-rc", "-rc1", "dirty", "-dirty",
		"30300", "40402", "3.40402", "4.4", "v5.1.2", "0", "99", "100", "99999999999999999999", "\n", "\r", "x", "é", "\xff",
		"9d34a1cd4", "-g85c43024c", "abcdef0", "abcdef", "A", "0123456789012345678901234567890123456789", "-1183", "-dev-7",
	}), rapid.StringMatching(`[0-9.]{0,4}`))
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(part, 1, 8).Draw(t, "parts"), "")
		want, ok := byExpression(strings.TrimSpace(text))
		got, err := idf.Parse(text)
		require.Equal(t, ok, err == nil, "%q", text)
		require.Equal(t, want, got, "%q", text)
	})
}

// byExpression reads a version with the expressions.
func byExpression(s string) (v idf.Version, ok bool) {
	n := func(s string) int {
		n, err := strconv.Atoi(s)
		if err != nil {
			return 0
		}
		return n
	}
	if m := packaged.FindStringSubmatch(s); m != nil {
		return idf.Version{Major: n(m[1]), Minor: n(m[2]), Patch: n(m[3]), Stage: idf.StageRelease}, true
	}
	m := described.FindStringSubmatch(s)
	if m == nil || n(m[1]) < 1 || n(m[1]) > 99 {
		return idf.Version{}, false
	}
	stage := map[string]idf.Stage{"dev": idf.StageDev, "beta": idf.StageBeta, "rc": idf.StageRC, "": idf.StageRelease}[m[4]]
	v = idf.Version{Major: n(m[1]), Minor: n(m[2]), Patch: n(m[3]), Stage: stage, Number: n(m[5])}
	first := true
	for _, f := range separator.Split(m[6], -1) {
		_, err := strconv.Atoi(f)
		switch h := hexHash.FindStringSubmatch(f); {
		case f == "":
			continue
		case f == "dirty":
			v.Dirty = true
		case h != nil:
			v.Hash = h[1]
		case first && err == nil:
			v.Commits = n(f)
		}
		first = false
	}
	return v, true
}
