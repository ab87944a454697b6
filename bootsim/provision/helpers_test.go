package provision_test

import (
	"strings"
	"testing"

	"github.com/spf13/afero"
	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/bootsim/model"
	"github.com/bootsim/bootsim/bootsim/provision"
	"github.com/bootsim/bootsim/bootsim/provision/planfile"
	"github.com/bootsim/bootsim/fixtures/example"
	"github.com/bootsim/bootsim/fixtures/lot"
)

// line is the production line's computer: the example's images and plans in
// memory, and what a test adds.
type line struct{ fs afero.Fs }

// newLine has small apps, which encrypt sooner.
func newLine(t testing.TB) *line {
	l := newWholeLine(t)
	l.write(t, "Avior_ESP32_WiFi_OTAfactory.bin", lot.App(lot.AppSpec{}))
	l.write(t, "Avior_ESP32_WiFi_v2.bin", lot.App(lot.AppSpec{Size: 20 << 10}))
	return l
}

func newWholeLine(t testing.TB) *line {
	l := &line{afero.NewMemMapFs()}
	for _, f := range example.PlanFiles() {
		l.write(t, f.Path, f.Data)
	}
	return l
}

func (l *line) write(t testing.TB, name string, data []byte) {
	t.Helper()
	require.NoError(t, afero.WriteFile(l.fs, name, data, 0o644))
}

// text returns one of the example's plans, with replacements in it.
func text(t testing.TB, name string, changes ...string) string {
	t.Helper()
	for _, f := range example.PlanFiles() {
		if f.Path == name {
			out := string(f.Data)
			for i := 0; i < len(changes); i += 2 {
				require.Contains(t, out, changes[i])
				out = strings.ReplaceAll(out, changes[i], changes[i+1])
			}
			return out
		}
	}
	t.Fatalf("no plan %s", name)
	return ""
}

func (l *line) load(t testing.TB, name, plan string) *provision.Plan {
	t.Helper()
	l.write(t, name, []byte(plan))
	p, err := planfile.Load(l.fs, name)
	require.NoError(t, err)
	return p
}

func (l *line) check(t testing.TB, p *provision.Plan) (*bootsim.Report, provision.Tally) {
	t.Helper()
	r, tally, err := provision.Check(l.fs, p, provision.Options{Engine: model.Engine{}, Tool: "test"})
	require.NoError(t, err)
	return r, tally
}

// found lists rules with their severity.
func found(r *bootsim.Report) []string {
	out := []string{}
	for _, f := range r.Findings {
		out = append(out, string(f.Severity)+" "+f.Rule)
	}
	return out
}

func finding(t testing.TB, r *bootsim.Report, rule string) bootsim.Finding {
	t.Helper()
	for _, f := range r.Findings {
		if f.Rule == rule {
			return f
		}
	}
	require.Fail(t, "no finding "+rule, "%v", found(r))
	return bootsim.Finding{}
}
