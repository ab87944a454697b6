package report

import (
	"fmt"
	"strings"

	"github.com/bootsim/bootsim/bootsim"
)

func scenarioCase(l *lotView, s *bootsim.Scenario, class string) junitCase {
	c := junitCase{Name: named(scenarioName(s), "scenario"), Classname: class, Time: "0"}
	if s.Verdict == bootsim.Pass {
		return c
	}
	result := &junitResult{Type: "scenario", Message: visible(ended(s))}
	causes := l.causes(s)
	if len(causes) > 0 {
		result.Type, result.Message = visible(causes[0].Rule), visible(causes[0].Message)
	}
	result.Text = caseText(s, causes)
	if s.Verdict == bootsim.Fail {
		c.Failure = result
	} else {
		c.Error = result
	}
	return c
}

// scenarioName tells scenarios of several releases apart.
func scenarioName(s *bootsim.Scenario) string {
	switch {
	case s.Release == "" || strings.Contains(s.Name, s.Release):
		return s.Name
	case s.Name == "":
		return "release " + s.Release
	}
	return "release " + s.Release + ": " + s.Name
}

func caseText(s *bootsim.Scenario, causes []bootsim.Finding) string {
	var b strings.Builder
	b.WriteString(visible(ended(s)) + "\n")
	for _, f := range causes {
		b.WriteString("\n" + findingText(f))
	}
	if len(s.Log) > 0 {
		b.WriteString("\nconsole:\n" + indented(s.Log))
	}
	return b.String()
}

// findingText is a finding with its evidence and remedy, unwrapped.
func findingText(f bootsim.Finding) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s [%s] %s\n", visible(string(f.Severity)), visible(f.Rule), block(f.Message))
	if where := place(f); where != "" {
		b.WriteString("at: " + where + "\n")
	}
	if f.Scenario != "" {
		b.WriteString("first shown by: " + visible(shownBy(f)) + "\n")
	}
	b.WriteString(indented(f.Evidence))
	if f.Remedy != "" {
		b.WriteString("remedy: " + block(f.Remedy) + "\n")
	}
	if f.DependsOn != "" {
		b.WriteString("depends on: " + visible(f.DependsOn) + "\n")
	}
	return b.String()
}

// place tells in words where a finding is.
func place(f bootsim.Finding) string {
	var parts []string
	if f.Partition != "" {
		parts = append(parts, "partition "+f.Partition)
	}
	if f.Offset != nil {
		parts = append(parts, hex(*f.Offset))
	}
	if f.File != "" {
		parts = append(parts, slashed(f.File))
	}
	return visible(strings.Join(parts, ", "))
}

func indented(lines []string) string {
	var b strings.Builder
	for _, line := range lines {
		b.WriteString("  | " + visible(line) + "\n")
	}
	return b.String()
}

// shows tells whether a testcase of a scenario without a pass holds the finding.
func (l *lotView) shows(f bootsim.Finding) bool {
	for i := range l.Scenarios {
		if s := &l.Scenarios[i]; s.Verdict != bootsim.Pass && contains(l.causes(s), f) {
			return true
		}
	}
	return false
}

// findingCase is the testcase of a finding that no scenario shows. Only errors fail it.
func findingCase(f bootsim.Finding, class string) junitCase {
	name := f.Rule
	if where := place(f); where != "" {
		name += " (" + where + ")"
	}
	c := junitCase{Name: named(name, "finding"), Classname: class, Time: "0"}
	if f.Severity == bootsim.Error {
		c.Failure = &junitResult{Type: visible(f.Rule), Message: visible(f.Message), Text: findingText(f)}
	}
	return c
}

func properties(l *bootsim.LotReport) []junitProperty {
	out := []junitProperty{{Name: "verdict", Value: visible(string(l.Verdict))}}
	if l.Source != "" {
		out = append(out, junitProperty{Name: "source", Value: visible(slashed(l.Source))})
	}
	for _, a := range l.Assumed {
		out = append(out, junitProperty{Name: "assumed", Value: visible(a)})
	}
	return out
}

// suiteLog is what a suite's output shows: what each scenario that passed
// boots, and the findings that fail nothing.
func suiteLog(l *lotView) string {
	var b strings.Builder
	for i := range l.Scenarios {
		s := &l.Scenarios[i]
		fmt.Fprintf(&b, "%s: %s; %s\n", visible(scenarioName(s)), visible(string(s.Verdict)), visible(ended(s)))
	}
	for _, f := range l.findings {
		if f.Severity != bootsim.Error {
			b.WriteString("\n" + findingText(f))
		}
	}
	return b.String()
}
