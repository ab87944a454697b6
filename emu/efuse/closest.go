package efuse

import "github.com/bootsim/bootsim/emu/spelling"

// closest returns the field name that a misspelt one is likely meant to be, or
// "".
func closest(name string) string {
	var known []string
	for _, f := range fieldTable() {
		known = append(known, f.Names()...)
	}
	return spelling.Closest(name, known, 2)
}
