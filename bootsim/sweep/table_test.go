package sweep_test

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/bootsim/sweep"
	"github.com/bootsim/bootsim/fixtures/updates"
)

var rewrite = flag.Bool("update", false, "write docs/sweep-table.md anew")

const tableFile = "../../docs/sweep-table.md"

// The table of the documentation is what sweeps find.
func TestTableOfUpdaters(t *testing.T) {
	var table, stories strings.Builder
	table.WriteString("# Updaters under power cuts\n\nMade by `go test ./bootsim/sweep -run TestTableOfUpdaters -update`; do not edit.\n\n" +
		"One loss of power, at every operation, cleanly and torn in every way of the alphabet (docs/sweep.md). \"yes\" is proven over\n" +
		"all states of the row; a number is how many faults the shortest counterexample takes, told below the table. \"-\" means\n" +
		"nothing for the row; \"?\": no counterexample, but some run ended in what is not modelled.\n\n| updater |")
	for i := range sweep.Count {
		fmt.Fprintf(&table, " %s |", sweep.Invariant(i))
	}
	table.WriteString(" states |\n|---|" + strings.Repeat("---|", sweep.Count+1) + "\n")
	for _, c := range updates.Cases() {
		r, err := sweep.Run(updates.New(c.Spec), sweep.Options{})
		require.NoError(t, err, c.Name)
		fmt.Fprintf(&table, "| %s |", c.Name)
		for i := range sweep.Count {
			fmt.Fprintf(&table, " %s |", cell(r.Verdict(sweep.Invariant(i))))
		}
		fmt.Fprintf(&table, " %d |\n", r.Levels[0].States)
		tell(&stories, c.Name, r)
	}
	got := table.String() + "\n## Counterexamples\n" + stories.String()
	if *rewrite {
		require.NoError(t, os.WriteFile(tableFile, []byte(got), 0o644))
	}
	want, err := os.ReadFile(tableFile)
	require.NoError(t, err)
	require.Equal(t, string(want), got, "run the test with -update and look at what changed")
}

// cell is a verdict in the table.
func cell(v sweep.Verdict) string {
	switch v.Answer {
	case sweep.Proven:
		return "yes"
	case sweep.Violated:
		return fmt.Sprintf("**%d**", v.Counter.Faults)
	case sweep.Incomplete:
		return "?"
	}
	return "-"
}

// tell tells each counterexample of a case once, and where one fault is
// dangerous.
func tell(b *strings.Builder, name string, r *sweep.Result) {
	if !r.Failed() {
		return
	}
	fmt.Fprintf(b, "\n### %s\n", name)
	told := map[string][]string{}
	var order []string
	for _, v := range r.Verdicts {
		if v.Counter != nil {
			story := strings.Join(v.Counter.Story, "\n")
			if told[story] == nil {
				order = append(order, story)
			}
			told[story] = append(told[story], v.Invariant)
		}
	}
	for _, story := range order {
		fmt.Fprintf(b, "\n%s:\n\n```\n%s\n```\n", strings.Join(told[story], ", "), story)
	}
	if len(r.Windows) > 0 {
		b.WriteString("\nDangerous under one fault:\n\n")
	}
	for _, w := range r.Windows {
		where := ""
		if w.Partition != "" {
			where = " (" + w.Partition + ")"
		}
		fmt.Fprintf(b, "- steps %d to %d, %s, from %s%s on: %s, by %s\n", w.First, w.Last, w.By, w.Operation, where,
			strings.Join(w.Invariants, ", "), strings.Join(w.Faults, ", "))
	}
}
