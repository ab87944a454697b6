package report

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/bootsim/rules"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// written is what a format makes of a report.
func written(tb testing.TB, format string, opt Options, r *bootsim.Report) []byte {
	tb.Helper()
	w, err := For(format, opt)
	require.NoError(tb, err)
	var b bytes.Buffer
	require.NoError(tb, w.Write(&b, r))
	return b.Bytes()
}

// sampleRules are two rules of the sample and one that it does not break.
func sampleRules() []rules.Rule {
	return []rules.Rule{
		{
			ID: "wrong-address", Severity: bootsim.Error, Title: "Encrypted for another address", Spec: []int{12},
			Cause:  "Ciphertext was made for another flash address than it lies at.",
			Prints: "E (*) esp_image: image at 0x… has invalid magic byte", Remedy: "Encrypt for the address that it is flashed to.",
		},
		{ID: "key-blank", Severity: bootsim.Error, Title: "Blank key", Cause: "No key was burnt."},
		{ID: "otadata-not-encrypted", Severity: bootsim.Warning, Title: "Plain otadata", Cause: "It was flashed as it is.", Remedy: "Encrypt it."},
	}
}

func TestGolden(t *testing.T) {
	for name, c := range map[string]struct {
		format string
		opt    Options
	}{
		"report.txt":           {"text", Options{Width: 80}},
		"report-colour.txt":    {"text", Options{Width: 100, Colour: true, Console: true}},
		"report-unlimited.txt": {"text", Options{}},
		"report.json":          {"json", Options{}},
		"report.junit.xml":     {"junit", Options{}},
		"report.sarif":         {"sarif", Options{Rules: sampleRules()}},
		"report.github.txt":    {"github", Options{}},
		"report.gitlab.json":   {"gitlab", Options{}},
	} {
		t.Run(name, func(t *testing.T) {
			got := written(t, c.format, c.opt, sample())
			require.Equal(t, string(got), string(written(t, c.format, c.opt, sample())), "the same report gives the same bytes")
			path := filepath.Join("testdata", name)
			if *update {
				require.NoError(t, os.WriteFile(path, got, 0o644))
			}
			want, err := os.ReadFile(path)
			require.NoError(t, err, "run with -update once")
			require.Equal(t, string(want), string(got))
		})
	}
}
