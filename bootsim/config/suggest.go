package config

import (
	"slices"
	"strings"
	"unicode/utf8"
)

func contains(list []string, s string) bool { return slices.Contains(list, s) }

// closest returns the known word that s is most likely meant to be, or "".
func closest(s string, known []string) string {
	if len(s) > 40 {
		return "" // no slip of the hand, and slow to compare
	}
	word := fold(s)
	best, least := "", 1+max(1, len(word)/3)
	for _, k := range known {
		if d := distance(word, fold(k)); d < least {
			best, least = k, d
		}
	}
	return best
}

// fold makes flashSize, flash-size and flash_size the same.
func fold(s string) string {
	return strings.NewReplacer("_", "", "-", "", " ", "").Replace(strings.ToLower(s))
}

// distance counts the insertions, removals and replacements between two words.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			d := diagonal
			if a[i] != b[j] {
				d++
			}
			diagonal = row[j+1]
			row[j+1] = min(d, row[j]+1, diagonal+1)
		}
	}
	return row[len(b)]
}

// clip keeps a word from the configuration short enough for an error.
func clip(s string) string {
	if utf8.RuneCountInString(s) <= 60 {
		return s
	}
	return string([]rune(s)[:60]) + "…"
}
