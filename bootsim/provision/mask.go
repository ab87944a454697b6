package provision

import (
	"strings"

	"github.com/bootsim/bootsim/emu/pattern"
)

// A key that somebody wrote on a command line: 16 bytes or more in one word, or
// eight or more one by one.
var (
	keyWord  = pattern.Of(`(?i)(?:0x)?[0-9a-f]{32,}`)
	keyBytes = pattern.Of(`(?i)\b(?:0x)?[0-9a-f]{2}(?:[ \t,:]+(?:0x)?[0-9a-f]{2}){7,}\b`)
)

// masked hides what may be a key. Everything that is shown of a plan's own words
// passes here.
func masked(s string) string {
	return keyBytes.ReplaceAllString(keyWord.ReplaceAllString(s, "<hidden>"), "<hidden>")
}

// maskReport hides keys in what the report quotes of the plan. What a check of
// the device found keeps its bytes of flash.
func (j *judge) maskReport() {
	for i := range j.report.Findings {
		f := &j.report.Findings[i]
		f.File, f.Scenario = masked(f.File), masked(f.Scenario)
		if !strings.HasPrefix(f.Rule, "plan-") {
			continue
		}
		f.Message, f.Remedy = masked(f.Message), masked(f.Remedy)
		for n := range f.Evidence {
			f.Evidence[n] = masked(f.Evidence[n])
		}
	}
	for i := range j.report.Scenarios {
		j.report.Scenarios[i].Name = masked(j.report.Scenarios[i].Name)
	}
	for i := range j.report.Assumed {
		j.report.Assumed[i] = masked(j.report.Assumed[i])
	}
}
