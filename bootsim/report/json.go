package report

import (
	"encoding/json"
	"io"

	"github.com/bootsim/bootsim/bootsim"
)

// SchemaID is what a JSON report says of its schema: the $id of schemas/report.schema.json.
const SchemaID = "https://bootsim.dev/schemas/report.schema.json"

// jsonWriter writes the report itself, as schemas/report.schema.json describes it.
type jsonWriter struct{}

func (jsonWriter) Write(w io.Writer, r *bootsim.Report) error {
	return encode(w, complete(r))
}

// encode writes indented JSON. Bytes that are no UTF-8 become U+FFFD.
func encode(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

// complete returns a copy in which every list that the schema demands is there, if empty.
func complete(r *bootsim.Report) *bootsim.Report {
	out := *r
	out.Schema = SchemaID
	out.Lots = make([]bootsim.LotReport, len(r.Lots))
	for i, l := range r.Lots {
		l.Scenarios = append([]bootsim.Scenario{}, l.Scenarios...)
		for j := range l.Scenarios {
			l.Scenarios[j].Log = append([]string{}, l.Scenarios[j].Log...)
		}
		l.Findings = completeFindings(l.Findings)
		l.Source = slashed(l.Source)
		out.Lots[i] = l
	}
	out.Findings = completeFindings(r.Findings)
	return &out
}

func completeFindings(fs []bootsim.Finding) []bootsim.Finding {
	out := append([]bootsim.Finding{}, fs...)
	for i := range out {
		out[i].File = slashed(out[i].File)
	}
	return out
}
