package rom

import "strings"

// Paper is what many lines are printed on: they share few allocations, and last
// as long as one of them is in use. The zero value is blank.
type Paper struct{ sheet strings.Builder }

// Sprintf is like the function of that name.
func (p *Paper) Sprintf(format string, args ...any) string {
	if strings.IndexByte(format, '%') < 0 {
		return format
	}
	var buf [usualLine]byte
	return p.keep(appendf(buf[:0], format, args, nil))
}

// Line returns a line that the caller has printed itself.
func (p *Paper) Line(b []byte) string { return p.keep(b) }

// Text returns b up to its first NUL, as the conversion s prints it.
func (p *Paper) Text(b []byte) string { return p.keep(untilNUL(b)) }

// Expect makes room for a text of size bytes, in one piece of memory with what
// is printed before it is full.
func (p *Paper) Expect(size int) {
	if size > p.sheet.Cap()-p.sheet.Len() {
		p.sheet = strings.Builder{}
		p.sheet.Grow(size)
	}
}

// keep returns a line that stays.
func (p *Paper) keep(line []byte) string {
	if len(line) > p.sheet.Cap()-p.sheet.Len() {
		p.Expect(max(firstSheet, min(2*p.sheet.Cap(), largestSheet), len(line)))
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
