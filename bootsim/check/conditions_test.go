package check_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/bootsim/check"
	"github.com/bootsim/bootsim/bootsim/model"
	"github.com/bootsim/bootsim/fixtures/faults"
)

// allFaults are built once.
var allFaults = sync.OnceValue(faults.All)

func run(f faults.Fault) *bootsim.Report {
	return check.Run(f.Lots, f.Releases, check.Options{Engine: model.Engine{}, Tool: "test"})
}

// TestConditions builds every condition of spec section 9, and every other
// fault, and wants exactly the findings that name it: none missing, none more.
func TestConditions(t *testing.T) {
	var table []string
	for _, f := range allFaults() {
		if f.Unreachable != "" {
			table = append(table, row(f, "-", "cannot be seen in images: "+f.Unreachable))
			continue
		}
		t.Run(fmt.Sprintf("%02d-%s", f.Condition, f.Name), func(t *testing.T) {
			r := run(f)
			t.Cleanup(func() { logReport(t, r) })
			require.Equal(t, f.Verdict, r.Lots[0].Verdict)
			requireFindings(t, f, r.Lots[0].Findings)
			for _, other := range r.Lots[1:] {
				require.Equal(t, bootsim.Pass, other.Verdict, "the other lot is right")
			}
		})
		table = append(table, row(f, rulesOf(f), outcome(f)))
	}
	t.Logf("condition | fault | rule | outcome\n%s", strings.Join(table, "\n"))
}

func requireFindings(t *testing.T, f faults.Fault, got []bootsim.Finding) {
	t.Helper()
	require.ElementsMatch(t, wanted(f.Find), reported(got))
	for _, want := range f.Find {
		found := find(got, want.Rule)
		for _, part := range want.Says {
			require.Contains(t, found.Message, part)
		}
		require.Equal(t, want.Depends, found.DependsOn != "", "depends on a build option: %q", found.DependsOn)
		require.NotEmpty(t, found.Remedy)
		require.Contains(t, found.Remedy, want.Advises)
		require.NotContains(t, found.Remedy, "%!", "remedy")
		require.NotContains(t, found.Message, "%!", "message")
	}
}

// wanted and reported are what is compared: rule, severity and address, a line each.
func wanted(find []faults.Found) []string {
	out := []string{}
	for _, w := range find {
		out = append(out, findingLine(w.Rule, w.Severity, w.At))
	}
	return out
}

func reported(got []bootsim.Finding) []string {
	out := []string{}
	for _, g := range got {
		at := faults.Nowhere
		if g.Offset != nil {
			at = *g.Offset
		}
		out = append(out, findingLine(g.Rule, g.Severity, at))
	}
	return out
}

func findingLine(rule string, s bootsim.Severity, at uint32) string {
	if at == faults.Nowhere {
		return fmt.Sprintf("%s %s", rule, s)
	}
	return fmt.Sprintf("%s %s at 0x%08x", rule, s, at)
}

func find(got []bootsim.Finding, rule string) bootsim.Finding {
	for _, g := range got {
		if g.Rule == rule {
			return g
		}
	}
	return bootsim.Finding{}
}

func row(f faults.Fault, rule, outcome string) string {
	return fmt.Sprintf("%2d | %s | %s | %s", f.Condition, f.Name, rule, outcome)
}

func rulesOf(f faults.Fault) string {
	var out []string
	for _, w := range f.Find {
		out = append(out, w.Rule)
	}
	return strings.Join(out, ", ")
}

func outcome(f faults.Fault) string {
	out := string(f.Verdict)
	for _, w := range f.Find {
		out += ", " + string(w.Severity)
	}
	return out
}

// logReport shows what the check said of a fault on which the test failed.
func logReport(t *testing.T, r *bootsim.Report) {
	if !t.Failed() {
		return
	}
	for _, l := range r.Lots {
		for _, s := range l.Scenarios {
			t.Logf("lot %s, %s: %s, boots %+v, expects %s\n\t%s", l.Name, s.Name, s.Verdict, s.Boots, s.Expect, strings.Join(s.Log, "\n\t"))
		}
		for _, f := range l.Findings {
			t.Logf("lot %s: %s %s: %s\n\t%s", l.Name, f.Severity, f.Rule, f.Message, strings.Join(f.Evidence, "\n\t"))
		}
		t.Logf("assumed: %s", strings.Join(l.Assumed, "; "))
	}
}

// TestEveryConditionIsThere asks for all of 1 to 65.
func TestEveryConditionIsThere(t *testing.T) {
	seen := map[int]bool{}
	for _, f := range allFaults() {
		seen[f.Condition] = true
	}
	for n := 1; n <= 65; n++ {
		require.True(t, seen[n], "condition %d of spec section 9 has no fixture", n)
	}
}
