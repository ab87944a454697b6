package rom

import "strconv"

// Sprintf formats as the mask ROM's ets_printf does, which every line on the
// console passes through: few conversions, no precision, zero padding even for
// strings; unknown conversions are copied and take no argument. Arguments are
// integers of up to 32 bits, string or []byte (text up to the first NUL).
// A missing argument prints as nothing.
func Sprintf(format string, args ...any) string {
	p := printer{args: args, out: make([]byte, 0, len(format)+32)}
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
	args []any
	out  []byte
}

// field is how one value is padded.
type field struct {
	width      int
	zero, left bool
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
	switch format[i] {
	case 'd', 'D':
		p.pad(f, signed(p.next()))
	case 'u', 'U':
		p.pad(f, strconv.AppendUint(nil, uint64(word(p.next())), 10))
	case 'x', 'p':
		p.pad(f, strconv.AppendUint(nil, uint64(word(p.next())), 16))
	case 'X':
		p.pad(f, upper(strconv.AppendUint(nil, uint64(word(p.next())), 16)))
	case 'c':
		p.out = append(p.out, byte(word(p.next())))
	case 's':
		p.pad(f, text(p.next()))
	case '%':
		p.out = append(p.out, '%')
	default:
		p.out = append(p.out, format[start-1:i+1]...)
	}
	return i + 1
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

func (p *printer) next() any {
	if len(p.args) == 0 {
		return nil
	}
	a := p.args[0]
	p.args = p.args[1:]
	return a
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
