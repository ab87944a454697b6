package report

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/bootsim/bootsim/bootsim"
)

// hostile draws texts with everything that breaks out of some format.
func hostile() *rapid.Generator[string] {
	pieces := []string{
		"]]>", "<a b='c'>&amp;", "\n", "\r\n", "\x00", "\x1b[31m", "::error::", "##[error]", "##vso[task]", "%0A", "%", "::", ":",
		",", "\"", "'", "\\", "`", "\xff\xfe", "\xed\xa0\x80", "\u2028", "\u202e", "\ufeff", "\U000e0001", "](http://x)", "--", "{{", "}}",
		" ", "  ", "../", "/", "C:/", "app.bin", "größe", "日本語", "\t", "=cmd()", "",
	}
	return rapid.Map(rapid.SliceOfN(rapid.OneOf(rapid.SampledFrom(pieces), rapid.String()), 0, 6), func(s []string) string { return strings.Join(s, "") })
}

func hostileFinding(t *rapid.T, lot string) bootsim.Finding {
	f := bootsim.Finding{
		Rule: "r" + hostile().Draw(t, "rule"), Lot: lot,
		Severity: rapid.SampledFrom([]bootsim.Severity{bootsim.Note, bootsim.Warning, bootsim.Error}).Draw(t, "severity"),
		Message:  hostile().Draw(t, "message"), Remedy: hostile().Draw(t, "remedy"),
		Release: hostile().Draw(t, "release"), Scenario: hostile().Draw(t, "scenario"),
		File: hostile().Draw(t, "file"), Partition: hostile().Draw(t, "partition"),
		Evidence: rapid.SliceOfN(hostile(), 0, 2).Draw(t, "evidence"), DependsOn: hostile().Draw(t, "depends"),
	}
	if rapid.Bool().Draw(t, "placed") {
		at := rapid.Uint32().Draw(t, "offset")
		f.Offset = &at
	}
	return f
}

func hostileReport(t *rapid.T) *bootsim.Report {
	verdicts := rapid.SampledFrom([]bootsim.Verdict{bootsim.Pass, bootsim.Fail, bootsim.NotModelled})
	r := &bootsim.Report{Tool: hostile().Draw(t, "tool"), Verdict: verdicts.Draw(t, "verdict")}
	for range rapid.IntRange(0, 2).Draw(t, "lots") {
		l := bootsim.LotReport{Name: hostile().Draw(t, "lot"), Source: hostile().Draw(t, "source"), Verdict: verdicts.Draw(t, "lot verdict")}
		l.Assumed = rapid.SliceOfN(hostile(), 0, 1).Draw(t, "assumed")
		for range rapid.IntRange(0, 2).Draw(t, "scenarios") {
			l.Scenarios = append(l.Scenarios, bootsim.Scenario{
				Name: hostile().Draw(t, "name"), Release: hostile().Draw(t, "release"), Verdict: verdicts.Draw(t, "v"),
				Expect: hostile().Draw(t, "expect"), Log: rapid.SliceOfN(hostile(), 0, 2).Draw(t, "log"),
			})
		}
		for range rapid.IntRange(0, 2).Draw(t, "findings") {
			l.Findings = append(l.Findings, hostileFinding(t, l.Name))
		}
		r.Lots, r.Findings = append(r.Lots, l), append(r.Findings, l.Findings...)
	}
	if rapid.Bool().Draw(t, "general") {
		r.Findings = append(r.Findings, hostileFinding(t, "no lot has this name"))
	}
	return r
}

func TestHostileReports(t *testing.T) {
	checks := hostileChecks(t)
	rapid.Check(t, func(t *rapid.T) {
		r := hostileReport(t)
		for _, check := range checks {
			check(t, r)
		}
	})
}

func FuzzHostileNames(f *testing.F) {
	f.Add("]]>\n::error::x", "a\xff:b,c", "\x1b[2J##[x]", "](y)")
	f.Add("", "", "", "")
	checks := hostileChecks(f)
	f.Fuzz(func(t *testing.T, message, file, lot, name string) {
		finding := bootsim.Finding{Rule: "wrong-key", Severity: bootsim.Error, Message: message, Remedy: name, File: file, Lot: lot, Partition: name, Evidence: []string{message}}
		r := &bootsim.Report{Tool: name, Verdict: bootsim.Fail, Findings: []bootsim.Finding{finding}, Lots: []bootsim.LotReport{{
			Name: lot, Source: file, Verdict: bootsim.Fail, Findings: []bootsim.Finding{finding},
			Scenarios: []bootsim.Scenario{{Name: name, Verdict: bootsim.Fail, Expect: message, Log: []string{file}}},
		}}}
		for _, check := range checks {
			check(t, r)
		}
	})
}
