package check_test

import (
	"strconv"
	"sync"
	"testing"

	"github.com/spf13/afero"
	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/bootsim/check"
	"github.com/bootsim/bootsim/bootsim/config"
	"github.com/bootsim/bootsim/bootsim/model"
	"github.com/bootsim/bootsim/fixtures/example"
)

// variants are built once: that takes longer than checking them.
var variants = sync.OnceValue(example.Variants)

// plan writes files into a file system in memory and reads their configuration.
func plan(tb testing.TB, files []example.File) *config.Plan {
	tb.Helper()
	fs := afero.NewMemMapFs()
	for _, f := range files {
		require.NoError(tb, afero.WriteFile(fs, "demo/"+f.Path, f.Data, 0o644))
	}
	p, err := config.Load(fs, "demo/bootsim.yaml")
	require.NoError(tb, err)
	return p
}

func runPlan(p *config.Plan) *bootsim.Report {
	return check.Run(p.Lots, p.Releases, check.Options{Engine: model.Engine{}, Tool: "test"})
}

// TestExampleIsRight wants every lot to boot as described, and the release to
// install over every state that its devices reach.
func TestExampleIsRight(t *testing.T) {
	r := runPlan(plan(t, example.Files()))
	t.Cleanup(func() { logReport(t, r) })
	require.Equal(t, bootsim.Pass, r.Verdict)
	require.Len(t, r.Lots, 2)
	for _, f := range r.Findings {
		require.Equal(t, bootsim.Note, f.Severity, "%s: %s", f.Rule, f.Message)
	}
	require.Equal(t, []string{"factory as flashed", "ota_0 2.0"}, ends(r.Lots[0]))
	// otadata has two entries: the first two updates begin without both of them.
	require.Equal(t, []string{"ota_0 as flashed", "ota_1 2.0", "ota_0 2.0", "ota_1 2.0"}, ends(r.Lots[1]))
}

// ends lists what every scenario of a lot booted.
func ends(l bootsim.LotReport) []string {
	var out []string
	for _, s := range l.Scenarios {
		what := "as flashed"
		if s.Release != "" {
			what = s.Boots.Version
		}
		out = append(out, s.Boots.Label+" "+what)
	}
	return out
}

// TestExampleVariants wants the one rule that each mistake is named after.
func TestExampleVariants(t *testing.T) {
	for _, v := range variants() {
		t.Run(v.Name, func(t *testing.T) {
			r := runPlan(plan(t, v.Files))
			t.Cleanup(func() { logReport(t, r) })
			var errors, warnings []string
			for _, f := range r.Findings {
				switch f.Severity {
				case bootsim.Error:
					errors = append(errors, f.Rule)
				case bootsim.Warning:
					warnings = append(warnings, f.Rule)
				}
			}
			if v.Name == "otadata-erased" { // boots all the same
				require.Empty(t, errors)
				require.Equal(t, []string{v.Rule}, warnings)
				return
			}
			require.Equal(t, bootsim.Fail, r.Verdict)
			require.Equal(t, []string{v.Rule}, errors)
		})
	}
}

// TestExampleNamesAreUnique keeps variants apart, as folders and in rules.
func TestExampleNamesAreUnique(t *testing.T) {
	seen := map[string]bool{}
	for _, v := range variants() {
		require.False(t, seen[v.Name], v.Name)
		seen[v.Name] = true
		paths := map[string]bool{}
		for _, f := range v.Files {
			require.False(t, paths[f.Path], "%s: %s twice", v.Name, f.Path)
			paths[f.Path] = true
			require.NotEmpty(t, f.Data, f.Path)
		}
		require.True(t, paths["bootsim.yaml"] && paths["README.txt"])
	}
}

// BenchmarkExample is the check of both lots with their release.
func BenchmarkExample(b *testing.B) {
	p := plan(b, example.Files())
	for b.Loop() {
		runPlan(p)
	}
}

// BenchmarkLots is the check of one lot, and of many that are the same to each
// other but for their name: every one is checked.
func BenchmarkLots(b *testing.B) {
	p := plan(b, example.Files())
	for _, n := range []int{1, 4, 16, 64} {
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			many := *p
			many.Lots = nil
			for i := range n {
				l := p.Lots[0]
				l.Name = "lot-" + strconv.Itoa(i)
				many.Lots = append(many.Lots, l)
			}
			b.ReportAllocs()
			for b.Loop() {
				require.Len(b, runPlan(&many).Lots, n)
			}
		})
	}
}
