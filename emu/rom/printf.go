package rom

import (
	"math/bits"
	"strconv"
	"strings"
)

// Sprintf formats as the mask ROM's ets_printf does, which every line on the
// console passes through: few conversions, no precision, zero padding even for
// strings; unknown conversions are copied and take no argument. Arguments are
// integers of up to 32 bits, string or []byte (text up to the first NUL).
// A missing argument prints as nothing.
//
// A format without conversions costs nothing, and any other one allocation:
// arguments stay on the caller's stack, which is why they are handed down and
// not kept in a struct.
func Sprintf(format string, args ...any) string {
	if strings.IndexByte(format, '%') < 0 {
		return format
	}
	var buf [usualLine]byte
	return string(appendf(buf[:0], format, args, nil))
}

// Format is Sprintf with arguments that are fetched as they are needed: next is
// told the conversion.
func Format(format string, next func(conversion byte) any) string {
	return string(appendf(make([]byte, 0, len(format)+32), format, nil, next))
}

// appendf appends what a format prints with its arguments, which come from next
// unless it is nil.
func appendf(out []byte, format string, args []any, next func(byte) any) []byte {
	used := false // a number or a string was printed
	for i := 0; i < len(format); {
		start := i
		if plain := strings.IndexByte(format[i:], '%'); plain != 0 {
			if plain < 0 {
				return append(out, format[i:]...)
			}
			out = append(out, format[i:i+plain]...)
			i += plain
			continue
		}
		var f field
		if f, i = parseField(format, i+1); i >= len(format) {
			return append(out, format[start:]...)
		}
		c := format[i]
		i++
		if strings.IndexByte(conversions, c) < 0 {
			out = verbatim(out, format[start:i], used)
			continue
		}
		var a any
		if next != nil {
			a = next(c)
		} else if len(args) > 0 {
			a, args = args[0], args[1:]
		}
		out = convert(out, f, c, a)
		used = used || c != 'c'
	}
	return out
}

// conversions are those that take an argument.
const conversions = "dDuUxXpcs"

// usualLine is how long few lines are.
const usualLine = 160

// field is how one value is padded.
type field struct {
	width      int
	zero, left bool
	precise    bool // a precision was given, which makes numbers zero-filled to the width
}

// convert appends one argument. A missing one is nil.
func convert(out []byte, f field, c byte, a any) []byte {
	switch c {
	case 'c':
		return append(out, byte(word(a)))
	case 's':
		switch v := a.(type) {
		case string:
			return pad(out, f, untilNUL(v))
		case []byte:
			return pad(out, f, untilNUL(v))
		}
		return pad(out, f, "<null>")
	}
	return number(out, f, c, word(a))
}

// number appends an integer.
func number(out []byte, f field, c byte, v uint32) []byte {
	var buf [12]byte
	f.zero = f.zero || f.precise
	switch c {
	case 'd', 'D':
		return pad(out, f, strconv.AppendInt(buf[:0], int64(int32(v)), 10))
	case 'u', 'U':
		return pad(out, f, strconv.AppendUint(buf[:0], uint64(v), 10))
	case 'p':
		f.width, f.zero = 8, true
		out = append(out, "0x"...)
	case 'X':
		return pad(out, f, upper(strconv.AppendUint(buf[:0], uint64(v), 16)))
	}
	return hex(out, f, v)
}

// hex appends a number in base 16 in its field.
func hex(out []byte, f field, v uint32) []byte {
	const digits = "0123456789abcdef"
	n := max(1, (bits.Len32(v)+3)/4)
	rest := f.width - n
	switch {
	case f.left:
	case f.zero:
		out = fill(out, zeros, rest)
	default:
		out = fill(out, spaces, rest)
	}
	for n--; n >= 0; n-- {
		out = append(out, digits[v>>(4*n)&15])
	}
	if f.left {
		out = fill(out, spaces, rest)
	}
	return out
}

// verbatim appends what is no conversion, "%%" among it. After a number or a
// string of the same call the ROM puts a blank behind it (spec exec 3.3).
func verbatim(out []byte, s string, used bool) []byte {
	if s == "%%" {
		s = "%"
	}
	out = append(out, s...)
	if used {
		out = append(out, ' ')
	}
	return out
}

func parseField(format string, i int) (field, int) {
	var f field
	if i < len(format) && format[i] == '-' {
		f.left = true
		i++
	}
	if i < len(format) && format[i] == '0' {
		f.zero = true
		i++
	}
	for ; i < len(format) && format[i] >= '0' && format[i] <= '9' && f.width < 1000; i++ {
		f.width = f.width*10 + int(format[i]-'0')
	}
	if i < len(format) && format[i] == '.' {
		f.precise = f.width > 0
		for i++; i < len(format) && format[i] >= '0' && format[i] <= '9'; i++ {
		}
	}
	for ; i < len(format) && format[i] == 'l'; i++ {
	}
	return f, i
}

// pad appends s in a field. Zeros go after a sign.
func pad[T string | []byte](out []byte, f field, s T) []byte {
	blanks := f.width - len(s)
	if f.left {
		return fill(append(out, s...), spaces, blanks)
	}
	if !f.zero {
		return append(fill(out, spaces, blanks), s...)
	}
	if len(s) > 0 && s[0] == '-' {
		out = append(out, '-')
		s = s[1:]
	}
	return append(fill(out, zeros, blanks), s...)
}

// fill appends n bytes, of which with is some.
func fill(out []byte, with string, n int) []byte {
	for ; n > len(with); n -= len(with) {
		out = append(out, with...)
	}
	return append(out, with[:max(n, 0)]...)
}

// What fields are filled with.
const (
	spaces = "                "
	zeros  = "0000000000000000"
)
