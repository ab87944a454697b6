package efuse

import "strings"

// closest returns the known name with the smallest edit distance to name, or
// "" when none is near enough to be meant.
func closest(name string) string {
	if len(name) > 40 {
		return ""
	}
	best, bestDistance := "", 1+max(2, len(name)/3)
	for _, f := range fieldTable() {
		for _, known := range f.Names() {
			d := distance(strings.ToUpper(name), strings.ToUpper(known))
			if d < bestDistance {
				best, bestDistance = known, d
			}
		}
	}
	return best
}

// distance counts the insertions, deletions and replacements that turn a into b.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			next := min(diagonal+cost, row[j]+1, row[j+1]+1)
			diagonal, row[j+1] = row[j+1], next
		}
	}
	return row[len(b)]
}
