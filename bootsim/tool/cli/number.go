package cli

import (
	"math/big"
	"strconv"
	"strings"
)

// ParseInt reads a number as the tools do: decimal without leading zeros, or
// with the prefix 0x, 0o or 0b, with a sign or without, of any size.
func ParseInt(text string) (*big.Int, bool) {
	digits := strings.TrimSpace(text)
	bare := strings.TrimLeft(digits, "+-")
	if len(digits)-len(bare) > 1 || ambiguousZero(bare) {
		return nil, false
	}
	return new(big.Int).SetString(digits, 0)
}

// ambiguousZero tells whether a number starts like an octal one of C, which the
// tools refuse.
func ambiguousZero(digits string) bool {
	if len(digits) < 2 || digits[0] != '0' || strings.ContainsRune("xXoObB", rune(digits[1])) {
		return false
	}
	return strings.Trim(digits, "0_") != ""
}

// ParseDecimal reads a number where the tools take decimal digits only.
func ParseDecimal(text string) (int, bool) {
	v, err := strconv.Atoi(strings.ReplaceAll(strings.TrimSpace(text), "_", ""))
	return v, err == nil
}
