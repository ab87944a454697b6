// Package report writes what a sweep found: as text for people, as JSON, and,
// by way of the report of a check, in every other format that bootsim knows.
package report

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/bootsim/sweep"
)

// SchemaID names the format of the JSON report.
const SchemaID = "https://bootsim.dev/schemas/sweep.schema.json"

// Case is one sweep with its origin.
type Case struct {
	Lot       string        `json:"lot"`
	Release   string        `json:"release,omitempty"`
	DependsOn string        `json:"depends_on,omitempty"`
	Assumed   []string      `json:"assumed"`
	Result    *sweep.Result `json:"sweep"`
}

// Report is one run of the command.
type Report struct {
	Schema  string          `json:"schema"`
	Tool    string          `json:"tool"`
	Verdict bootsim.Verdict `json:"verdict"`
	Cases   []Case          `json:"cases"`
}

// New puts the cases together: fail where an invariant is violated,
// not-modelled where one could not be settled.
func New(tool string, cases []Case) *Report {
	r := &Report{Schema: SchemaID, Tool: tool, Verdict: bootsim.Pass, Cases: cases}
	for _, c := range cases {
		switch {
		case c.Result.Failed():
			r.Verdict = bootsim.Fail
		case !c.Result.Complete() && r.Verdict == bootsim.Pass:
			r.Verdict = bootsim.NotModelled
		}
	}
	return r
}

// JSON writes the report itself.
func (r *Report) JSON(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(r)
}

// title names a case.
func (c *Case) title() string {
	s := "lot " + c.Lot
	if c.Release != "" {
		s += ", release " + c.Release
	}
	s += ": " + c.Result.Updater
	if c.Result.Encrypted {
		s += ", encrypted"
	}
	if c.DependsOn != "" {
		s += ", " + c.DependsOn
	}
	return s
}

// counts tells what was explored with up to a number of faults.
func counts(l sweep.Level) string {
	var fired []string
	for _, f := range l.Fired {
		fired = append(fired, fmt.Sprintf("%s %d", f.Kind, f.Count))
	}
	s := fmt.Sprintf("%s: %d states, %d runs, at most %d boots; faults that struck: %s", faults(l.Depth), l.States, l.Runs, l.MostBoots, strings.Join(fired, ", "))
	for _, more := range []struct {
		n    int
		text string
	}{
		{l.Skipped, "histories not explored (--runs)"}, {l.Sampled, "places left out where some of many were tried"},
		{l.Unknown, "runs ended in what is not modelled"},
	} {
		if more.n > 0 {
			s += fmt.Sprintf("; %d %s", more.n, more.text)
		}
	}
	return s
}

func faults(n int) string {
	if n == 1 {
		return "one fault"
	}
	return fmt.Sprintf("up to %d faults", n)
}
