package rom

import (
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
	return string(appendf(buf[:0], format, args))
}

// Paper is what many lines are printed on: they share few allocations, and last
// as long as one of them is in use. The zero value is blank.
type Paper struct{ sheet strings.Builder }

// Sprintf is like the function of that name.
func (p *Paper) Sprintf(format string, args ...any) string {
	if strings.IndexByte(format, '%') < 0 {
		return format
	}
	var buf [usualLine]byte
	line := appendf(buf[:0], format, args)
	if len(line) > p.sheet.Cap()-p.sheet.Len() {
		size := max(firstSheet, min(2*p.sheet.Cap(), largestSheet), len(line))
		p.sheet = strings.Builder{}
		p.sheet.Grow(size)
	}
	p.sheet.Write(line)
	return p.sheet.String()[p.sheet.Len()-len(line):]
}

// Sizes of a sheet of paper, in bytes: for the few lines of a boot most of
// which is remembered, and for a whole log.
const (
	firstSheet   = 256
	largestSheet = 4096
)

// appendf appends what a format and its arguments print.
func appendf(out []byte, format string, args []any) []byte {
	for i := 0; i < len(format); {
		if format[i] != '%' {
			out = append(out, format[i])
			i++
			continue
		}
		out, args, i = conversion(out, args, format, i+1)
	}
	return out
}

// usualLine is how long few lines are.
const usualLine = 160

// field is how one value is padded.
type field struct {
	width      int
	zero, left bool
}

// conversion carries out the conversion whose '%' stands before i. It returns
// the arguments that are left and the index after the conversion.
func conversion(out []byte, args []any, format string, i int) ([]byte, []any, int) {
	start := i
	var f field
	f, i = parseField(format, i)
	if i >= len(format) {
		return append(out, format[start-1:]...), args, len(format)
	}
	switch c := format[i]; c {
	case 'd', 'D', 'u', 'U', 'x', 'p', 'X', 'c', 's':
		var a any
		if len(args) > 0 {
			a, args = args[0], args[1:]
		}
		out = convert(out, f, c, a)
	case '%':
		out = append(out, '%')
	default:
		out = append(out, format[start-1:i+1]...)
	}
	return out, args, i + 1
}

// convert appends one argument. A missing one is nil.
func convert(out []byte, f field, c byte, a any) []byte {
	var buf [12]byte
	switch c {
	case 'd', 'D':
		return pad(out, f, strconv.AppendInt(buf[:0], int64(int32(word(a))), 10))
	case 'u', 'U':
		return pad(out, f, strconv.AppendUint(buf[:0], uint64(word(a)), 10))
	case 'x', 'p':
		return pad(out, f, strconv.AppendUint(buf[:0], uint64(word(a)), 16))
	case 'X':
		return pad(out, f, upper(strconv.AppendUint(buf[:0], uint64(word(a)), 16)))
	case 'c':
		return append(out, byte(word(a)))
	}
	switch v := a.(type) {
	case string:
		return pad(out, f, untilNUL(v))
	case []byte:
		return pad(out, f, untilNUL(v))
	}
	return pad(out, f, "<null>")
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
	for ; i < len(format) && format[i] == 'l'; i++ {
	}
	return f, i
}

// pad appends s in a field. Zeros go after a sign.
func pad[T string | []byte](out []byte, f field, s T) []byte {
	blanks := f.width - len(s)
	if f.left {
		return fill(append(out, s...), ' ', blanks)
	}
	if !f.zero {
		return append(fill(out, ' ', blanks), s...)
	}
	if len(s) > 0 && s[0] == '-' {
		out = append(out, '-')
		s = s[1:]
	}
	return append(fill(out, '0', blanks), s...)
}

func fill(out []byte, c byte, n int) []byte {
	for ; n > 0; n-- {
		out = append(out, c)
	}
	return out
}
