package report

import (
	"reflect"

	"github.com/bootsim/bootsim/bootsim"
)

// Rules (see bootsim/rules) of the findings that a report gets when it holds a
// verdict that nothing explains, so that no format shows less than the verdict says.
const (
	ruleUnexplained = "boot-fails"
	ruleNoVerdict   = "not-modelled"
)

// view is a report arranged for writing: every finding once, under its lot.
type view struct {
	report  *bootsim.Report
	lots    []lotView
	general []bootsim.Finding // of no lot
}

type lotView struct {
	*bootsim.LotReport
	findings []bootsim.Finding
}

// arrange files the findings of the report and those of its lots under the lots.
func arrange(r *bootsim.Report) view {
	v := view{report: r, lots: make([]lotView, len(r.Lots))}
	byName := make(map[string]*lotView, len(r.Lots))
	for i := range r.Lots {
		l := &v.lots[i]
		l.LotReport = &r.Lots[i]
		for _, f := range l.LotReport.Findings {
			f.Lot = l.Name
			l.findings = append(l.findings, f)
		}
		byName[l.Name] = l
	}
	for _, f := range r.Findings {
		if l := byName[f.Lot]; l == nil {
			v.general = append(v.general, f)
		} else if !contains(l.findings, f) {
			l.findings = append(l.findings, f)
		}
	}
	for i := range v.lots {
		v.lots[i].explain()
	}
	return v
}

func contains(fs []bootsim.Finding, f bootsim.Finding) bool {
	for i := range fs {
		if fs[i].Rule == f.Rule && reflect.DeepEqual(fs[i], f) {
			return true
		}
	}
	return false
}

// all lists the findings lot by lot, those of no lot last.
func (v view) all() []bootsim.Finding {
	var out []bootsim.Finding
	for _, l := range v.lots {
		out = append(out, l.findings...)
	}
	return append(out, v.general...)
}

// source returns where a lot was described, for findings that name no file.
func (v view) source(lot string) string {
	for _, l := range v.lots {
		if l.Name == lot {
			return l.Source
		}
	}
	return ""
}

// path is the file that a finding is shown at: its own, or the lot's.
func (v view) path(f bootsim.Finding) string {
	if f.File != "" {
		return slashed(f.File)
	}
	return slashed(v.source(f.Lot))
}

// explain adds a finding for every scenario without a pass that no finding
// accounts for, and for a lot without a pass that has nothing else to show.
func (l *lotView) explain() {
	for i := range l.Scenarios {
		s := &l.Scenarios[i]
		if s.Verdict == bootsim.Pass || len(l.causes(s)) > 0 {
			continue
		}
		l.findings = append(l.findings, unexplained(l.Name, s))
	}
	if l.Verdict != bootsim.Pass && len(l.findings) == 0 {
		none := bootsim.Scenario{Verdict: l.Verdict}
		l.findings = append(l.findings, unexplained(l.Name, &none))
	}
}

// causes are the findings that account for a scenario: those that name it, or
// else the lot's errors that are not of another release. Each names only the
// first scenario that showed it.
func (l *lotView) causes(s *bootsim.Scenario) []bootsim.Finding {
	var named, likely []bootsim.Finding
	for _, f := range l.findings {
		if f.Scenario == s.Name && f.Release == s.Release {
			named = append(named, f)
		}
		if accountsFor(f, s) {
			likely = append(likely, f)
		}
	}
	if len(named) > 0 {
		return named
	}
	return likely
}

func accountsFor(f bootsim.Finding, s *bootsim.Scenario) bool {
	if f.Release != "" && f.Release != s.Release {
		return false
	}
	return f.Severity == bootsim.Error
}

func unexplained(lot string, s *bootsim.Scenario) bootsim.Finding {
	f := bootsim.Finding{
		Rule: ruleUnexplained, Severity: bootsim.Error, Lot: lot, Release: s.Release, Scenario: s.Name,
		Message: "Failed, and no cause was found: " + ended(s) + ".",
		Remedy:  "Read the console log of the scenario in the JSON report.",
	}
	if s.Verdict != bootsim.Fail {
		f.Rule = ruleNoVerdict
		f.Message = "No verdict: the boot came to something that is not modelled; " + ended(s) + "."
	}
	return f
}

// ended says what a scenario should have booted and what it did.
func ended(s *bootsim.Scenario) string {
	if s.Unbooted {
		return "expected " + s.Expect
	}
	out := "it boots " + booted(s.Boots)
	if s.Expect != "" {
		out = "expected " + s.Expect + ", " + out
	}
	return out
}

// booted names an application, or says that there is none.
func booted(b *bootsim.Boots) string {
	if b == nil {
		return "no application"
	}
	out := b.Label + " at " + hex(b.Offset)
	if name := joined(b.Project, b.Version); name != "" {
		out += ", " + name
	}
	if b.IDF != "" {
		out += " (ESP-IDF " + b.IDF + ")"
	}
	return out
}

func joined(a, b string) string {
	if a != "" && b != "" {
		return a + " " + b
	}
	return a + b
}
