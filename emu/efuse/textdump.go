package efuse

import (
	"regexp"
	"strings"
)

// A summary shows a field as a line that starts with its name and ends with
// " = value permissions (raw bits)". Long values have the latter on the next
// line.
const (
	namePattern  = `^([A-Z][A-Z0-9_]*)(?: \(BLOCK([0-9]+)\)(?:\[error\])?:?)?(?:\s|$)`
	valuePattern = `(?:^|\s)= (.*?) ?(R/W|R/-|-/W|-/-) ?(?:\((0[xb][0-9a-fA-F]+)\))?\s*$`
	colorPattern = "\x1b" + `\[[0-9;]*m`
)

// summaryParser reads a text summary line by line.
type summaryParser struct {
	*assembler
	name, value *regexp.Regexp
	pending     Field // named by an earlier line, its value not yet seen
	waiting     bool
}

func parseSummary(text []byte) (*Dump, error) {
	p := &summaryParser{
		assembler: newAssembler(FormatSummary),
		name:      regexp.MustCompile(namePattern),
		value:     regexp.MustCompile(valuePattern),
	}
	clean := regexp.MustCompile(colorPattern).ReplaceAllString(string(text), "")
	for i, line := range strings.Split(clean, "\n") {
		if err := p.line(line, i+1); err != nil {
			return nil, err
		}
	}
	return p.dump()
}

func (p *summaryParser) line(line string, number int) error {
	if m := p.name.FindStringSubmatch(line); m != nil {
		f, ok := p.index[m[1]]
		if foreign(m[1]) {
			return p.fail(number, "%s is an eFuse of another chip than the ESP32", m[1])
		}
		if ok && m[2] != "" && m[2] != string(rune('0'+f.Block)) {
			return p.fail(number, "%s lies in BLOCK%s instead of BLOCK%d: this is the summary of another chip", f.Name, clip(m[2]), f.Block)
		}
		p.pending, p.waiting = f, ok
	}
	m := p.value.FindStringSubmatch(line)
	if m == nil || !p.waiting {
		return nil
	}
	p.waiting = false
	return p.add(p.pending, m[1], m[2], m[3], number)
}

func (p *summaryParser) add(f Field, value, permissions, raw string, line int) error {
	if strings.HasPrefix(permissions, "-") {
		return p.hide(f, line)
	}
	if f.Kind == Bytes {
		return p.addText(f, strings.TrimSpace(value), line)
	}
	v, ok := rawNumber(raw)
	if !ok {
		return p.fail(line, "%s has no raw value in parentheses at the end", f.Name)
	}
	return p.number(f, v, line)
}
