package parttable

import (
	"errors"
	"strconv"
	"strings"
	"unicode/utf8"
)

// maxNumber bounds the numbers of a CSV, so that sums of them stay exact. No
// table holds numbers beyond 32 bits, but the reference only finds out when it
// writes the table, after having judged offsets and sizes.
const maxNumber = 1 << 48

// errNotNumber is what Python's int(text, 0) raises as ValueError.
var errNotNumber = errors.New("not a number")

// integer reads a number as Python's int(text, 0) does: decimal or with a
// prefix 0x, 0o or 0b, with sign, underscores and blanks around it; a decimal
// number has no leading zeros. Digits of other scripts, which Python takes, are
// not modelled. The error is errNotNumber or a *LimitError.
func integer(text string) (int64, error) {
	text = trim(text)
	digits := strings.TrimLeft(text, "+-")
	if len(text)-len(digits) > 1 {
		return 0, errNotNumber
	}
	if plainZero(digits) {
		return 0, nil
	}
	if len(digits) > 1 && digits[0] == '0' && (digits[1] == '_' || digits[1] >= '0' && digits[1] <= '9') {
		return 0, errNotNumber
	}
	n, err := strconv.ParseInt(text, 0, 64)
	if errors.Is(err, strconv.ErrRange) || err == nil && (n >= maxNumber || n <= -maxNumber) {
		return 0, tooLarge(text)
	}
	if err != nil {
		return 0, errNotNumber
	}
	return n, nil
}

// trim removes the blanks that Python's int accepts around a number. In a text
// of ASCII these are fewer than str.strip removes.
func trim(text string) string {
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			return strip(text)
		}
	}
	return strings.Trim(text, " \t\n\v\f\r")
}

// hexInteger reads a number as Python's int(text, 16) does: the prefix 0x may
// be missing.
func hexInteger(text string) (int64, error) {
	text = trim(text)
	digits := strings.TrimLeft(text, "+-")
	sign := text[:len(text)-len(digits)]
	if strings.HasPrefix(digits, "_") {
		return 0, errNotNumber
	}
	if !strings.HasPrefix(strings.ToLower(digits), "0x") {
		digits = "0x" + digits
	}
	return integer(sign + digits)
}

// plainZero tells whether text is a decimal zero of any number of digits.
func plainZero(text string) bool {
	if text == "" || strings.Trim(text, "0_") != "" {
		return false
	}
	return text[0] == '0' && text[len(text)-1] == '0' && !strings.Contains(text, "__")
}

func tooLarge(text string) error {
	return &LimitError{"number " + clip(text) + " is beyond 48 bits: flash addresses and sizes take at most 32"}
}

// clip shortens a text for an error message.
func clip(text string) string {
	const most = 40
	if len(text) > most {
		return text[:most] + "..."
	}
	return text
}

// number reads a field: a number with any count of suffixes K and M, or a
// keyword in either case. The error is an *InputError or a *LimitError.
func number(field string, words keywords) (int64, error) {
	factor, tooBig := int64(1), false
	for {
		lower := strings.ToLower(field)
		switch {
		case strings.HasSuffix(lower, "k"):
			factor <<= 10
		case strings.HasSuffix(lower, "m"):
			factor <<= 20
		default:
			return scaled(field, words, factor, tooBig)
		}
		if factor >= maxNumber {
			factor, tooBig = 1, true
		}
		_, size := lastRune(field)
		field = field[:len(field)-size]
	}
}

// scaled reads what is left of a field without suffixes.
func scaled(field string, words keywords, factor int64, tooBig bool) (int64, error) {
	n, err := integer(field)
	if errors.Is(err, errNotNumber) {
		n, err = lookUp(field, words)
	}
	if err != nil || n == 0 {
		return 0, err
	}
	if tooBig || n >= maxNumber/factor || n <= -maxNumber/factor {
		return 0, tooLarge(field)
	}
	return n * factor, nil
}

func lookUp(field string, words keywords) (int64, error) {
	if len(words) == 0 {
		return 0, inputErrorf("Invalid field value %s", field)
	}
	if n, ok := words.value(strings.ToLower(field)); ok {
		return n, nil
	}
	names := make([]string, len(words))
	for i, w := range words {
		names[i] = w.word
	}
	return 0, inputErrorf("Value '%s' is not valid. Known keywords: %s", field, strings.Join(names, ", "))
}
