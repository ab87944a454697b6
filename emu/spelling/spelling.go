// Package spelling finds the word that a misspelt one was meant to be, for the
// errors about names that people type: fields of eFuses, keys of a
// configuration.
package spelling

import "strings"

// longest is the length of the longest word that is compared, in bytes: longer
// ones are no slip of the hand, and slow to compare.
const longest = 40

// Closest returns the known word with the fewest insertions, removals and
// replacements between it and word: at most slips of them, or a third of word's
// length if that is more. Case, hyphens, underscores and blanks do not count. ""
// tells that none is near enough to be meant.
func Closest(word string, known []string, slips int) string {
	if len(word) > longest {
		return ""
	}
	word = fold(word)
	best, least := "", 1+max(slips, len(word)/3)
	for _, k := range known {
		if d := distance(word, fold(k)); d < least {
			best, least = k, d
		}
	}
	return best
}

// fold makes flashSize, flash-size and FLASH_SIZE the same.
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
