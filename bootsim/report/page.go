package report

import (
	"strings"
	"unicode/utf8"

	"github.com/bootsim/bootsim/bootsim"
)

// page builds text: prose wraps, evidence does not.
type page struct {
	strings.Builder
	width  int // 0: no wrapping
	colour bool
}

// line writes a coloured word and what follows it, unwrapped.
func (p *page) line(colour, word, rest string) {
	p.WriteString(p.paint(colour, word) + guard(rest) + "\n")
}

func (p *page) indent(s string) { p.WriteString(s) }

func (p *page) blank() { p.WriteString("\n") }

// prose writes text with a label before it; continuation lines are indented below it.
func (p *page) prose(indent, label, text string) {
	for i, line := range visibleLines(text) {
		if i > 0 {
			label = strings.Repeat(" ", utf8.RuneCountInString(label))
		}
		p.paragraph(indent+label, guard(line))
	}
}

// paragraph wraps one line of words at the width. A longer word stays whole, and
// so does what stands in backquotes: a path or a command can be copied.
func (p *page) paragraph(lead, text string) {
	p.WriteString(lead)
	hang := strings.Repeat(" ", utf8.RuneCountInString(lead))
	column, blank := len(hang), strings.TrimSpace(lead) == ""
	for i, word := range words(text) {
		if i > 0 && p.width > 0 && column+1+utf8.RuneCountInString(startOfLine(word, true)) > p.width {
			p.WriteString("\n" + hang)
			column, blank = len(hang), true
		} else if i > 0 {
			p.WriteString(" ")
			column++
		}
		word = startOfLine(word, blank)
		p.WriteString(word)
		column += utf8.RuneCountInString(word)
		blank = blank && word == ""
	}
	p.WriteString("\n")
}

// words splits at spaces that are not between backquotes.
func words(text string) []string {
	quoted := false
	start, out := 0, []string(nil)
	for i := range len(text) {
		switch {
		case text[i] == '`':
			quoted = !quoted && strings.Contains(text[i+1:], "`")
		case text[i] == ' ' && !quoted:
			out = append(out, text[start:i])
			start = i + 1
		}
	}
	return append(out, text[start:])
}

// verbatim writes lines that must stay as they are.
func (p *page) verbatim(indent string, lines []string) {
	for _, line := range lines {
		p.WriteString(indent + "| " + guard(visible(line)) + "\n")
	}
}

// guard breaks the marks by which a CI runner would take output for a command
// to itself: text shows names from files, and those may be anybody's.
func guard(s string) string {
	return strings.NewReplacer("##[", `#\x23[`, "##vso[", `#\x23vso[`).Replace(s)
}

// startOfLine does the same for "::", which counts at the start of a line only.
func startOfLine(word string, first bool) string {
	if first && strings.HasPrefix(word, "::") {
		return `\x3a` + word[1:]
	}
	return word
}

const (
	red    = "31"
	yellow = "33"
	green  = "32"
	cyan   = "36"
)

func (p *page) paint(colour, s string) string {
	if !p.colour || s == "" {
		return s
	}
	return "\x1b[1;" + colour + "m" + s + "\x1b[0m"
}

func verdictColour(v bootsim.Verdict) string {
	switch v {
	case bootsim.Pass:
		return green
	case bootsim.Fail:
		return red
	}
	return yellow
}

// verdictWord is what stands at the start of a lot's line.
func verdictWord(v bootsim.Verdict) string {
	switch v {
	case bootsim.Pass:
		return "PASS"
	case bootsim.Fail:
		return "FAIL"
	}
	return "NO VERDICT"
}

func severityColour(s bootsim.Severity) string {
	switch s {
	case bootsim.Note:
		return cyan
	case bootsim.Warning:
		return yellow
	}
	return red
}
