package bootloader

import (
	"bytes"

	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/flashmodel/parttable"
)

// rowFormat is how every version prints a row of the table: number, label,
// usage, type, subtype, offset, size.
const rowFormat = "%2d %-16s %-16s %02x %02x %08x %08x"

// logRow prints a row as rowFormat asks for, which most lines of a boot are:
// without a look at the format for each. label is followed by what lies behind
// it in flash.
func (s *session) logRow(i int, label []byte, e parttable.Entry) {
	m := &s.p.texts[msgRow]
	if m.text == "" || levelOf(m.level) > s.p.LogLevel {
		return
	}
	var room [128]byte
	line := rowLine(room[:0], i, label, s.usage(e), e)
	s.out.Log = append(s.out.Log, emu.Line{Stage: emu.StageBootloader, Level: m.level, Tag: m.tag, Text: s.paper.Line(line)})
}

// rowLine appends the line of a row.
func rowLine(b []byte, i int, label []byte, usage string, e parttable.Entry) []byte {
	if end := bytes.IndexByte(label, 0); end >= 0 {
		label = label[:end]
	}
	const blanks = "                 " // one more than the columns are wide
	ten := byte(' ')
	if i >= 10 {
		ten = '0' + byte(i/10)
	}
	b = append(b, ten, '0'+byte(i%10), ' ')
	b = append(append(b, label...), blanks[min(len(label), 16):]...)
	b = append(append(b, usage...), blanks[min(len(usage), 16):]...)
	b = append(hexDigits(b, uint32(e.Type), 2), ' ')
	b = append(hexDigits(b, uint32(e.Subtype), 2), ' ')
	b = append(hexDigits(b, e.Offset, 8), ' ')
	return hexDigits(b, e.Size, 8)
}

// hexDigits appends the lowest n digits of a number.
func hexDigits(b []byte, v uint32, n int) []byte {
	const digits = "0123456789abcdef"
	for n--; n >= 0; n-- {
		b = append(b, digits[v>>(4*n)&15])
	}
	return b
}
