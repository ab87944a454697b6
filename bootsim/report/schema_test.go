package report

import (
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/bootsim"
)

const (
	reportSchema = "../../schemas/report.schema.json"
	sarifSubset  = "../../fixtures/schemas/sarif-2.1.0-subset.schema.json"
	gitlabSchema = "../../fixtures/schemas/gitlab-code-quality.schema.json"
)

// schema compiles a schema file with formats checked.
func schema(tb testing.TB, path string) *jsonschema.Schema {
	tb.Helper()
	b, err := os.ReadFile(path)
	require.NoError(tb, err)
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(b))
	require.NoError(tb, err)
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	require.NoError(tb, c.AddResource("file:///schema.json", doc))
	s, err := c.Compile("file:///schema.json")
	require.NoError(tb, err)
	return s
}

func instance(tb testing.TB, b []byte) any {
	tb.Helper()
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(b))
	require.NoError(tb, err)
	return v
}

func TestSampleFitsSchemas(t *testing.T) {
	for format, path := range map[string]string{"json": reportSchema, "sarif": sarifSubset, "gitlab": gitlabSchema} {
		b := written(t, format, Options{Rules: sampleRules()}, sample())
		require.NoError(t, schema(t, path).Validate(instance(t, b)), format)
	}
}

// An empty report has empty lists, not nulls.
func TestEmptyReportFitsSchemas(t *testing.T) {
	empty := &bootsim.Report{Verdict: bootsim.Pass, Lots: []bootsim.LotReport{{Name: "a", Verdict: bootsim.Pass, Scenarios: []bootsim.Scenario{{Verdict: bootsim.Pass}}}}}
	for format, path := range map[string]string{"json": reportSchema, "sarif": sarifSubset, "gitlab": gitlabSchema} {
		b := written(t, format, Options{}, empty)
		require.NoError(t, schema(t, path).Validate(instance(t, b)), format)
		require.NotContains(t, strings.ReplaceAll(string(b), `"boots": null`, ""), "null", format)
	}
}

// The published schema refuses what a report must not be.
func TestReportSchemaRefuses(t *testing.T) {
	s := schema(t, reportSchema)
	for name, damage := range map[string]func(r map[string]any){
		"schema":      func(r map[string]any) { r["schema"] = "other" },
		"no verdict":  func(r map[string]any) { delete(r, "verdict") },
		"verdict":     func(r map[string]any) { r["verdict"] = "passed" },
		"unknown key": func(r map[string]any) { r["extra"] = 1 },
		"null list":   func(r map[string]any) { r["findings"] = nil },
		"severity":    func(r map[string]any) { part(r, "findings")["severity"] = "fatal" },
		"no remedy":   func(r map[string]any) { delete(part(r, "findings"), "remedy") },
		"offset":      func(r map[string]any) { part(r, "findings")["offset"] = -1 },
		"no log":      func(r map[string]any) { delete(part(part(r, "lots"), "scenarios"), "log") },
		"boots":       func(r map[string]any) { part(part(r, "lots"), "scenarios")["boots"] = "factory" },
	} {
		var r map[string]any
		require.NoError(t, json.Unmarshal(written(t, "json", Options{}, sample()), &r))
		require.NoError(t, s.Validate(r))
		damage(r)
		require.Error(t, s.Validate(r), name)
	}
}

// part is the first item of a list.
func part(m map[string]any, key string) map[string]any { return m[key].([]any)[0].(map[string]any) }

// Every field of the types has a place in the published schema, under its JSON name.
func TestReportSchemaKnowsEveryField(t *testing.T) {
	b, err := os.ReadFile(reportSchema)
	require.NoError(t, err)
	full := sample()
	full.Findings[0].DependsOn = "x"
	full.Lots[0].Findings = full.Findings
	require.NoError(t, schema(t, reportSchema).Validate(instance(t, written(t, "json", Options{}, full))))
	require.Contains(t, string(b), `"$id": "`+SchemaID+`"`)
}
