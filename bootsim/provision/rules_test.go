package provision_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/bootsim/rules"
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
