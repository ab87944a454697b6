package diagnose_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/bootsim/rules"
	"github.com/bootsim/bootsim/fixtures/faults"
)

// sources parses this package's code.
func sources(t *testing.T) []*ast.File {
	t.Helper()
	names, err := filepath.Glob("*.go")
	require.NoError(t, err)
	var out []*ast.File
	for _, n := range names {
		if strings.HasSuffix(n, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), n, nil, 0)
		require.NoError(t, err)
		out = append(out, f)
	}
	require.NotEmpty(t, out)
	return out
}

// literals returns every string literal of this package's code.
func literals(t *testing.T) map[string]bool {
	t.Helper()
	out := map[string]bool{}
	for _, f := range sources(t) {
		ast.Inspect(f, func(n ast.Node) bool {
			if l, ok := n.(*ast.BasicLit); ok && l.Kind == token.STRING {
				s, err := strconv.Unquote(l.Value)
				require.NoError(t, err)
				out[s] = true
			}
			return true
		})
	}
	return out
}

// ofSets is the catalogue without the rules of plans, which package provision
// reports and plants.
func ofSets() []rules.Rule {
	return slices.DeleteFunc(rules.All(), func(r rules.Rule) bool {
		return slices.ContainsFunc(rules.Plans(), func(p rules.Rule) bool { return p.ID == r.ID })
	})
}

// TestEveryRuleIsUsed keeps the catalogue free of rules that nothing reports.
func TestEveryRuleIsUsed(t *testing.T) {
	used := literals(t)
	for _, r := range ofSets() {
		require.True(t, used[r.ID], "rule %s is in the catalogue and never reported", r.ID)
	}
}

// TestEveryReportedRuleExists looks at the first argument of every find.
func TestEveryReportedRuleExists(t *testing.T) {
	found := 0
	for _, f := range sources(t) {
		ast.Inspect(f, func(n ast.Node) bool {
			if id, ok := ruleOf(n); ok {
				found++
				_, exists := rules.Lookup(id)
				require.True(t, exists, "no rule %s", id)
			}
			return true
		})
	}
	require.Greater(t, found, 50)
}

// ruleOf returns the rule of a call find("rule", …) or add(condition, "rule", …).
func ruleOf(n ast.Node) (string, bool) {
	call, ok := n.(*ast.CallExpr)
	if !ok {
		return "", false
	}
	at := -1
	switch f := call.Fun.(type) {
	case *ast.SelectorExpr:
		if f.Sel.Name == "find" && len(call.Args) > 1 {
			at = 0
		}
	case *ast.Ident:
		if f.Name == "add" && len(call.Args) > 2 {
			at = 1
		}
	}
	if at < 0 {
		return "", false
	}
	l, ok := call.Args[at].(*ast.BasicLit)
	if !ok {
		return "", false
	}
	s, err := strconv.Unquote(l.Value)
	return s, err == nil
}

// withoutFixture are the rules that no set of files leads to, and why.
func withoutFixture() map[string]string {
	return map[string]string{
		"boot-fails":       "stands for what no rule explains; a fixture for it would be a rule that is missing",
		"engines-disagree": "needs a bootloader that was changed, as a binary; bootsim/execute plants one",
		"engine-alone":     "needs a bootloader to execute; bootsim/execute has one",
		"update-power-cut": "found by a sweep, for which updates are planted in bootsim/sweep/lots",
		"not-modelled":     "stands for what no model covers; a fixture for it would pin a gap",

		"release-damaged":      "an index tells it, not a boot; tested in bootsim/release",
		"release-misdescribed": "an index tells it, not a boot; tested in bootsim/release",
	}
}

// TestEveryRuleHasAFixture compares the catalogue with the faults.
func TestEveryRuleHasAFixture(t *testing.T) {
	covered := map[string]bool{}
	for _, f := range faults.All() {
		for _, w := range f.Find {
			covered[w.Rule] = true
		}
	}
	for _, r := range ofSets() {
		reason, excused := withoutFixture()[r.ID]
		require.NotEqual(t, covered[r.ID], excused, "rule %s: either a fixture or a reason (%s)", r.ID, reason)
	}
}

// TestRulesClaimTheirConditions wants the rule that finds a condition to say so
// in the catalogue, and every condition to be claimed by a rule.
func TestRulesClaimTheirConditions(t *testing.T) {
	claimed := map[int]bool{}
	for _, r := range rules.All() {
		for _, c := range r.Spec {
			claimed[c] = true
		}
	}
	for condition := 1; condition <= 65; condition++ {
		require.True(t, claimed[condition], "no rule claims condition %d", condition)
	}
	for _, f := range faults.All() {
		if f.Condition == 0 || f.Unreachable != "" {
			continue
		}
		var spec []int
		for _, w := range f.Find {
			r, _ := rules.Lookup(w.Rule)
			spec = append(spec, r.Spec...)
		}
		require.Contains(t, spec, f.Condition, "fault %s", f.Name)
	}
}
