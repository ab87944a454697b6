package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/bootsim/bootsim/bootsim"
)

// githubWriter writes workflow commands: one annotation a finding, on a line of its own.
type githubWriter struct{}

func (githubWriter) Write(w io.Writer, r *bootsim.Report) error {
	v := arrange(r)
	var b strings.Builder
	for _, f := range v.all() {
		b.WriteString(annotation(v, f))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func annotation(v view, f bootsim.Finding) string {
	var props []string
	if path := v.path(f); path != "" {
		props = append(props, "file="+commandProperty(visible(path)))
	}
	props = append(props, "title="+commandProperty(visible(title(f))))
	text := block(f.Message)
	if f.Remedy != "" {
		text += "\n" + block(f.Remedy)
	}
	return fmt.Sprintf("::%s %s::%s\n", githubLevel(f.Severity), strings.Join(props, ","), commandData(text))
}

// title names a finding in one line: its rule, and where it was found.
func title(f bootsim.Finding) string {
	out := f.Rule
	if f.Lot != "" {
		out += " in " + f.Lot
	}
	if f.Release != "" {
		out += ", release " + f.Release
	}
	return out
}

func githubLevel(s bootsim.Severity) string {
	switch s {
	case bootsim.Note:
		return "notice"
	case bootsim.Warning:
		return "warning"
	}
	return "error"
}

// commandData escapes the text of a workflow command.
func commandData(s string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(s)
}

// commandProperty escapes a property of a workflow command, where colons and commas separate.
func commandProperty(s string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C").Replace(s)
}
