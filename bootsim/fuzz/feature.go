package fuzz

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/emu"
)

// features is what a run showed: console lines with numbers masked, ends,
// refusals, findings; sorted, each once.
func (t *trial) features() []string {
	all := t.bootFeatures()
	for _, f := range t.report.Findings {
		all = append(all, fmt.Sprintf("%s%s %s", findingFeature, f.Severity, f.Rule))
	}
	if t.report.Verdict == bootsim.NotModelled {
		all = append(all, findingFeature+"no verdict")
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// findingFeature begins what a check shows, and nothing that a boot does.
const findingFeature = "finding: "

// shows tells whether a mutation shows a feature. A check, which costs most of a
// run, is made for findings alone.
func (s *Subject) shows(m Mutation, feature string) bool {
	if strings.HasPrefix(feature, findingFeature) {
		return slices.Contains(s.try(m, nil).features, feature)
	}
	d, err := s.Apply(m)
	if err != nil {
		return feature == noDevice
	}
	t := &trial{Subject: s, course: s.follow(d)}
	return slices.Contains(t.bootFeatures(), feature)
}

// bootFeatures is what the boots of a run showed.
func (t *trial) bootFeatures() []string {
	var all []string
	for _, s := range t.course {
		all = append(all, fmt.Sprintf("end %d of stage %d", s.out.End, s.out.Stage))
		if s.out.NotModelled != "" {
			all = append(all, "not modelled: "+mask(s.out.NotModelled))
		}
		for _, r := range s.out.Refusals {
			all = append(all, fmt.Sprintf("refused: reason %d", r.Reason))
		}
		for _, l := range s.out.Log {
			all = append(all, line(l))
		}
	}
	return all
}

// line is a console line without what is only a value. A row of the printed
// table names what the row is for and no label.
func line(l emu.Line) string {
	if l.Tag == "boot" && strings.Count(l.Text, " ") > 4 && len(l.Text) > 2 && isDigit(l.Text[1]) && l.Text[2] == ' ' {
		for _, use := range []string{"factory app", "test app", "OTA app", "Unknown app", "OTA data", "RF data", "WiFi data", "NVS keys", "efuse",
			"Unknown data", "primary", "ota ", "recovery", "unknown"} {
			if strings.Contains(l.Text, use) {
				return "line: row " + use
			}
		}
		return "line: row"
	}
	return fmt.Sprintf("line: %c %s: %s", max(l.Level, ' '), l.Tag, mask(l.Text))
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// mask replaces numbers, decimal and hexadecimal, by #, and what is no
// printable character by a question mark.
func mask(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); {
		j := i
		digits := 0
		for j < len(s) && wordByte(s[j]) {
			if isDigit(s[j]) {
				digits++
			}
			j++
		}
		switch word := s[i:j]; {
		case j == i:
			b.WriteByte(printable(s[i]))
			j++
		case digits > 0 && numeric(word):
			b.WriteByte('#')
		default:
			b.WriteString(word)
		}
		i = j
	}
	return b.String()
}

func wordByte(c byte) bool {
	return isDigit(c) || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

func printable(c byte) byte {
	if c < ' ' || c > '~' {
		return '?'
	}
	return c
}

// numeric tells whether a word is a number: hexadecimal digits, perhaps with 0x
// before or h behind.
func numeric(word string) bool {
	word = strings.TrimSuffix(strings.TrimPrefix(word, "0x"), "h")
	for i := range len(word) {
		if c := word[i] | 0x20; !isDigit(word[i]) && (c < 'a' || c > 'f') {
			return false
		}
	}
	return word != ""
}

// behaviour names a set of features.
func behaviour(features []string) string {
	sum := sha256.Sum256([]byte(strings.Join(features, "\n")))
	return hex.EncodeToString(sum[:8])
}
