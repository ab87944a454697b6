package provision_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/bootsim/rules"
	"github.com/bootsim/bootsim/fixtures/example"
)

// Every rule of plans is reported somewhere, and a test plants what it finds.
func TestEveryPlanRuleIsUsedAndPlanted(t *testing.T) {
	var source, tests strings.Builder
	files, err := filepath.Glob("*.go")
	require.NoError(t, err)
	for _, f := range files {
		b, err := os.ReadFile(f)
		require.NoError(t, err)
		if strings.HasSuffix(f, "_test.go") {
			tests.Write(b)
		} else {
			source.Write(b)
		}
	}
	require.NotEmpty(t, rules.Plans())
	for _, r := range rules.Plans() {
		require.Contains(t, source.String(), `"`+r.ID+`"`)
		require.Regexp(t, `"(?:error |warning |note )?`+r.ID+`"`, tests.String())
	}
}

// The verdict on a plan is a report like any other: it obeys the published schema.
func TestReportObeysTheSchema(t *testing.T) {
	schema, err := jsonschema.NewCompiler().Compile(filepath.Join("..", "..", "schemas", "report.schema.json"))
	require.NoError(t, err)
	for _, plan := range []string{text(t, example.PlanAsPosted), text(t, example.PlanCorrected), "set -e\nfrobnicate\n", "set -e\nespefuse.py nosuch\n", firstBoot} {
		l := newLine(t)
		name := "plan.txt"
		if plan == firstBoot {
			name = "plan.yaml"
		}
		r, _ := l.check(t, l.load(t, name, plan))
		b, err := json.Marshal(r)
		require.NoError(t, err)
		v, err := jsonschema.UnmarshalJSON(bytes.NewReader(b))
		require.NoError(t, err)
		require.NoError(t, schema.Validate(v))
		names := map[string]bool{}
		for _, sc := range r.Lots[0].Scenarios {
			require.False(t, names[sc.Name], "two scenarios are named %q", sc.Name)
			names[sc.Name] = true
		}
		for _, f := range r.Findings {
			if f.Scenario != "" {
				require.True(t, names[f.Scenario], "%s names a scenario that is not there: %q", f.Rule, f.Scenario)
			}
		}
	}
}
