package rom

import "strconv"

// Sprintf formats as the mask ROM's ets_printf does, which every line on the
// console passes through: few conversions, no precision, zero padding even for
// strings; unknown conversions are copied and take no argument. Arguments are
// integers of up to 32 bits, string or []byte (text up to the first NUL).
// A missing argument prints as nothing.
func Sprintf(format string, args ...any) string {
	return Format(format, func(byte) any {
		if len(args) == 0 {
			return nil
		}
		a := args[0]
		args = args[1:]
		return a
	})
}

// Format is Sprintf with arguments that are fetched as they are needed: next is
// told the conversion.
func Format(format string, next func(conversion byte) any) string {
	p := printer{next: next, out: make([]byte, 0, len(format)+32)}
	for i := 0; i < len(format); {
		if format[i] != '%' {
			p.out = append(p.out, format[i])
			i++
			continue
		}
		i = p.conversion(format, i+1)
	}
	return string(p.out)
}

type printer struct {
	next func(conversion byte) any
	out  []byte
	used bool // a number or a string was printed
}

// field is how one value is padded.
type field struct {
	width      int
	zero, left bool
	precise    bool // a precision was given, which makes numbers zero-filled to the width
}

// conversion carries out the conversion whose '%' stands before i and returns
// the index after it.
func (p *printer) conversion(format string, i int) int {
	start := i
	var f field
	f, i = parseField(format, i)
	if i >= len(format) {
		p.out = append(p.out, format[start-1:]...)
		return len(format)
	}
	switch c := format[i]; c {
	case 'd', 'D', 'u', 'U', 'x', 'X', 'p':
		p.number(f, c)
	case 'c':
		p.out = append(p.out, byte(word(p.next(c))))
	case 's':
		p.pad(f, text(p.next(c)))
		p.used = true
	default:
		p.verbatim(format[start-1 : i+1])
	}
	return i + 1
}

// number prints an integer.
func (p *printer) number(f field, c byte) {
	f.zero = f.zero || f.precise
	var b []byte
	switch v := p.next(c); c {
	case 'd', 'D':
		b = signed(v)
	case 'u', 'U':
		b = strconv.AppendUint(nil, uint64(word(v)), 10)
	case 'p':
		f.width, f.zero = 8, true
		p.out = append(p.out, "0x"...)
		b = strconv.AppendUint(nil, uint64(word(v)), 16)
	default:
		b = strconv.AppendUint(nil, uint64(word(v)), 16)
		if c == 'X' {
			b = upper(b)
		}
	}
	p.pad(f, b)
	p.used = true
}

// verbatim prints what is no conversion, "%%" among it. After a number or a
// string of the same call the ROM puts a blank behind it (spec exec 3.3).
func (p *printer) verbatim(s string) {
	if s == "%%" {
		s = "%"
	}
	p.out = append(p.out, s...)
	if p.used {
		p.out = append(p.out, ' ')
	}
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
func (p *printer) pad(f field, s []byte) {
	fill := f.width - len(s)
	if f.left {
		p.out = append(p.out, s...)
		p.fill(' ', fill)
		return
	}
	if !f.zero {
		p.fill(' ', fill)
		p.out = append(p.out, s...)
		return
	}
	if len(s) > 0 && s[0] == '-' {
		p.out = append(p.out, '-')
		s = s[1:]
	}
	p.fill('0', fill)
	p.out = append(p.out, s...)
}

func (p *printer) fill(c byte, n int) {
	for ; n > 0; n-- {
		p.out = append(p.out, c)
	}
}
