package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/bootsim/sweep"
)

// Text writes the report for people. images is how the images were named, for
// the command line that replays.
func (r *Report) Text(w io.Writer, images string) error {
	var b strings.Builder
	for i := range r.Cases {
		r.Cases[i].text(&b, images)
	}
	fmt.Fprintln(&b, verdictLine(r))
	_, err := io.WriteString(w, b.String())
	return err
}

func verdictLine(r *Report) string {
	switch r.Verdict {
	case bootsim.Pass:
		return "PASS: every invariant is proven over the faults above; docs/sweep.md says what that means"
	case bootsim.Fail:
		return "FAIL: see the counterexamples"
	}
	return "NOT SETTLED: no counterexample, but not everything was explored or modelled"
}

func (c *Case) text(b *strings.Builder, images string) {
	r := c.Result
	fmt.Fprintln(b, c.title())
	fmt.Fprintf(b, "  %s; seed %d; inputs %s; %d operations without a fault\n", r.Spec, r.Seed, r.Inputs, r.Ops)
	for _, a := range c.Assumed {
		fmt.Fprintln(b, "  assumed: "+a)
	}
	for _, l := range r.Clean {
		fmt.Fprintln(b, "    "+l)
	}
	for _, l := range r.Levels {
		fmt.Fprintln(b, "  "+counts(l))
	}
	if r.Unknown != "" {
		fmt.Fprintln(b, "  not modelled: "+r.Unknown)
	}
	for i := range r.Verdicts {
		verdict(b, &r.Verdicts[i], images)
	}
	windows(b, r.Windows)
	fmt.Fprintln(b)
}

// words is how an answer reads in a column.
func words(a sweep.Answer) string {
	if a == sweep.Violated {
		return "VIOLATED"
	}
	return string(a)
}

func verdict(b *strings.Builder, v *sweep.Verdict, images string) {
	fmt.Fprintf(b, "  %-14s  %-15s  %s\n", words(v.Answer), v.Invariant, v.Title)
	if v.Counter == nil {
		return
	}
	n := v.Counter.Faults
	fmt.Fprintf(b, "      %d %s:\n", n, map[bool]string{true: "fault", false: "faults"}[n == 1])
	for _, line := range v.Counter.Story {
		fmt.Fprintln(b, "        "+line)
	}
	fmt.Fprintf(b, "      bootsim replay '%s' %s\n", v.Counter.Token, images)
}

// windows lists where single faults are dangerous.
func windows(b *strings.Builder, list []sweep.Window) {
	if len(list) == 0 {
		return
	}
	fmt.Fprintln(b, "  where one fault breaks something:")
	for _, w := range list {
		at := fmt.Sprintf("step %d", w.First)
		if w.Last > w.First {
			at = fmt.Sprintf("steps %d to %d", w.First, w.Last)
		}
		where := ""
		if w.Partition != "" {
			where = " (" + w.Partition + ")"
		}
		fmt.Fprintf(b, "    %s, %s: %s%s: %s; by %s\n", at, w.By, w.Operation, where, strings.Join(w.Invariants, ", "), strings.Join(w.Faults, ", "))
	}
}
