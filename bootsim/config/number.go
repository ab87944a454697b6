package config

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/bootsim/bootsim/emu/pattern"
)

// numberForm is decimal without a leading zero (which could be meant as octal)
// or hexadecimal, and a unit of 1024 or 1024² bytes.
var numberForm = pattern.Of(`^(0|[1-9][0-9]*|0[xX][0-9a-fA-F]+) ?(?:([kKmM])(?:i?[bB])?)?$`)

// parseNumber reads 4096, 0x1000, 320K or 4MB.
func parseNumber(s string, limit uint64) (uint64, error) {
	m := numberForm.FindStringSubmatch(s)
	if m == nil {
		return 0, fmt.Errorf("%q is no number: write it as 4096, 0x1000, 320K or 4MB", clip(s))
	}
	v, err := strconv.ParseUint(m[1], 0, 64)
	unit := map[string]uint64{"": 1, "K": 1 << 10, "M": 1 << 20}[strings.ToUpper(m[2])]
	if err != nil || v > limit/unit {
		return 0, fmt.Errorf("%q is too large: at most 0x%x", clip(s), limit)
	}
	return v * unit, nil
}

// looksNumeric tells whether a text is meant as a number rather than a name.
func looksNumeric(s string) bool {
	return s != "" && strings.ContainsRune("0123456789+-", rune(s[0]))
}
