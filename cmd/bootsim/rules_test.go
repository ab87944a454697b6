package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/bootsim/rules"
)

func TestRulesDocumentIsCurrent(t *testing.T) {
	want, err := os.ReadFile(filepath.Join("..", "..", "docs", "rules.md"))
	require.NoError(t, err)
	h := newHarness("", nil)
	require.Equal(t, exitOK, h.call("rules", "--markdown"))
	require.Equal(t, string(want), h.out.String(), "run `make docs`")
}

func TestRulesExplainEveryRule(t *testing.T) {
	h := newHarness("", nil)
	for _, r := range rules.All() {
		require.Equal(t, exitOK, h.call("rules", r.ID))
		for _, part := range []string{r.Title, r.Cause, r.Prints, r.Remedy} {
			require.NotEmpty(t, part, r.ID)
			require.Contains(t, h.out.String(), part, r.ID)
		}
	}
}
