package report

import (
	"io"
	"path"

	"github.com/bootsim/bootsim/bootsim"
)

// gitlabWriter writes a code quality report: an array with an issue a finding.
type gitlabWriter struct{}

type gitlabIssue struct {
	Description string         `json:"description"`
	CheckName   string         `json:"check_name"`
	Fingerprint string         `json:"fingerprint"`
	Severity    string         `json:"severity"`
	Location    gitlabLocation `json:"location"`
}

type gitlabLocation struct {
	Path  string      `json:"path"`
	Lines gitlabLines `json:"lines"`
}

type gitlabLines struct {
	Begin int `json:"begin"`
}

func (gitlabWriter) Write(w io.Writer, r *bootsim.Report) error {
	v := arrange(r)
	prints := newFingerprints()
	issues := []gitlabIssue{}
	for _, f := range v.all() {
		issues = append(issues, gitlabIssue{
			Description: description(f),
			CheckName:   visible(f.Rule),
			Fingerprint: prints.of(f),
			Severity:    gitlabSeverity(f.Severity),
			// Images have no lines; the first one is what the format needs.
			Location: gitlabLocation{Path: gitlabPath(v.path(f)), Lines: gitlabLines{Begin: 1}},
		})
	}
	return encode(w, issues)
}

// description is what GitLab shows of an issue: lot, cause and remedy.
func description(f bootsim.Finding) string {
	out := block(f.Message)
	if f.Lot != "" {
		out = visible(f.Lot) + ": " + out
	}
	if f.Remedy != "" {
		out += "\n" + block(f.Remedy)
	}
	return out
}

// gitlabPath is relative to the repository and does not start with "./".
func gitlabPath(p string) string {
	if p == "" {
		return "."
	}
	return visible(path.Clean(p))
}

func gitlabSeverity(s bootsim.Severity) string {
	switch s {
	case bootsim.Note:
		return "info"
	case bootsim.Warning:
		return "minor"
	}
	return "critical"
}
