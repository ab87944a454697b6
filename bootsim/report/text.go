package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/bootsim/bootsim/bootsim"
)

// maxListed bounds the scenarios without a pass that text lists for a lot.
const maxListed = 12

// textWriter writes for people: a line for each lot, its findings with cause,
// evidence and remedy below it, and a line for the whole at the end.
type textWriter struct{ opt Options }

func (t textWriter) Write(w io.Writer, r *bootsim.Report) error {
	p := &page{width: t.opt.Width, colour: t.opt.Colour}
	v := arrange(r)
	for i := range v.lots {
		t.lot(p, &v.lots[i])
	}
	for _, f := range v.general {
		finding(p, f)
	}
	p.line(verdictColour(r.Verdict), verdictWord(r.Verdict), ": "+totals(v))
	_, err := io.WriteString(w, p.String())
	return err
}

func (t textWriter) lot(p *page, l *lotView) {
	rest := "  " + visible(l.Name)
	if l.Source != "" {
		rest += " (" + visible(slashed(l.Source)) + ")"
	}
	p.line(verdictColour(l.Verdict), verdictWord(l.Verdict), rest+": "+counts(l.Scenarios))
	t.scenarios(p, l)
	for _, a := range l.Assumed {
		p.prose("  ", "assumed: ", a)
	}
	p.blank()
	for _, f := range l.findings {
		finding(p, f)
	}
}

// scenarios lists what the lot boots as flashed and every scenario without a pass.
func (t textWriter) scenarios(p *page, l *lotView) {
	listed, left := 0, 0
	for i := range l.Scenarios {
		s := &l.Scenarios[i]
		if s.Verdict == bootsim.Pass && i > 0 {
			continue
		}
		if listed == maxListed {
			left++
			continue
		}
		listed++
		p.prose("  ", string(s.Verdict)+" ", scenarioName(s)+": "+outcome(s))
		if t.opt.Console && s.Verdict != bootsim.Pass {
			p.verbatim("    ", s.Log)
		}
	}
	if left > 0 {
		p.prose("  ", "", fmt.Sprintf("and %d more without a pass", left))
	}
}

func outcome(s *bootsim.Scenario) string {
	switch {
	case s.Verdict != bootsim.Pass:
		return ended(s)
	case s.Unbooted:
		return s.Expect
	}
	return "boots " + booted(s.Boots)
}

func finding(p *page, f bootsim.Finding) {
	head := "[" + visible(f.Rule) + "]"
	if where := place(f); where != "" {
		head += " " + where
	}
	p.indent("  ")
	p.line(severityColour(f.Severity), visible(string(f.Severity)), head)
	p.prose("    ", "", f.Message)
	p.verbatim("    ", f.Evidence)
	if f.Remedy != "" {
		p.prose("    ", "remedy: ", f.Remedy)
	}
	if shown := shownBy(f); shown != "" {
		p.prose("    ", "first shown by: ", shown)
	}
	if f.DependsOn != "" {
		p.prose("    ", "depends on: ", f.DependsOn)
	}
	p.blank()
}

func shownBy(f bootsim.Finding) string {
	return scenarioName(&bootsim.Scenario{Name: f.Scenario, Release: f.Release})
}

// counts sums up scenarios: "3 scenarios, 1 pass, 2 fail".
func counts(list []bootsim.Scenario) string {
	out := plural(len(list), "scenario")
	for _, v := range []bootsim.Verdict{bootsim.Pass, bootsim.Fail, bootsim.NotModelled} {
		n := 0
		for i := range list {
			if list[i].Verdict == v {
				n++
			}
		}
		if n > 0 {
			out += fmt.Sprintf(", %d %s", n, v)
		}
	}
	return out
}

func totals(v view) string {
	passed, bySeverity := 0, map[bootsim.Severity]int{}
	for _, l := range v.lots {
		if l.Verdict == bootsim.Pass {
			passed++
		}
	}
	for _, f := range v.all() {
		bySeverity[f.Severity]++
	}
	parts := []string{fmt.Sprintf("%d of %s passed", passed, plural(len(v.lots), "lot"))}
	for _, s := range []bootsim.Severity{bootsim.Error, bootsim.Warning, bootsim.Note} {
		if n := bySeverity[s]; n > 0 {
			parts = append(parts, plural(n, string(s)))
		}
	}
	return strings.Join(parts, ", ")
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
