package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/bootsim/report"
	"github.com/bootsim/bootsim/bootsim/sweep"
	sweepreport "github.com/bootsim/bootsim/bootsim/sweep/report"
	"github.com/bootsim/bootsim/emu/idf"
	"github.com/bootsim/bootsim/emu/update"
)

// sweepTarget is one report of a sweep to write.
type sweepTarget struct {
	file  string // empty: standard output
	write func(w io.Writer, r *sweepreport.Report) error
}

// sweepWriters prepares every report that was asked for.
func (a *app) sweepWriters(f *sweepFlags, images string) (out []sweepTarget, err error) {
	if !f.quiet {
		write, err := sweepWriter(f.format, images)
		if err != nil {
			return nil, err
		}
		out = append(out, sweepTarget{"", write})
	}
	for _, o := range f.outputs {
		format, file, ok := strings.Cut(o, "=")
		if !ok || file == "" {
			return nil, usagef("--output %s: want FORMAT=FILE", o)
		}
		write, err := sweepWriter(format, images)
		if err != nil {
			return nil, err
		}
		out = append(out, sweepTarget{file, write})
	}
	if f.svg != "" {
		out = append(out, sweepTarget{f.svg, func(w io.Writer, r *sweepreport.Report) error { return r.SVG(w) }})
	}
	return out, nil
}

// sweepWriter is the writer of one format.
func sweepWriter(format, images string) (func(io.Writer, *sweepreport.Report) error, error) {
	switch format {
	case "text":
		return func(w io.Writer, r *sweepreport.Report) error { return r.Text(w, images) }, nil
	case "json":
		return func(w io.Writer, r *sweepreport.Report) error { return r.JSON(w) }, nil
	}
	w, err := report.For(format, report.Options{Rules: sweepreport.Rules()})
	if err != nil {
		return nil, err
	}
	return func(to io.Writer, r *sweepreport.Report) error { return w.Write(to, r.AsCheck()) }, nil
}

// sweepReport writes the reports and tells the outcome.
func (a *app) sweepReport(_ *sweepFlags, targets []sweepTarget, r *sweepreport.Report, inputs map[string]bool) error {
	for _, t := range targets {
		if t.file == "" {
			if err := t.write(a.stdout, r); err != nil {
				return err
			}
			continue
		}
		if inputs[path.Clean(filepath.ToSlash(t.file))] {
			return usagef("%s: that is an input of this sweep; choose another name", t.file)
		}
		if err := a.writeReport(target{writerFunc{r, t.write}, t.file}, nil); err != nil {
			return err
		}
	}
	return sweepOutcome(r)
}

// writerFunc lets a report of a sweep be written like one of a check.
type writerFunc struct {
	report *sweepreport.Report
	write  func(io.Writer, *sweepreport.Report) error
}

// Write writes the report.
func (f writerFunc) Write(w io.Writer, _ *bootsim.Report) error {
	var b bytes.Buffer
	if err := f.write(&b, f.report); err != nil {
		return err
	}
	_, err := w.Write(b.Bytes())
	return err
}

// planError makes mistakes in what was asked for usage errors.
func planError(err error) error {
	var (
		plan  *sweep.PlanError
		name  *update.NameError
		parse *idf.ParseError
	)
	if errors.As(err, &plan) || errors.As(err, &name) || errors.As(err, &parse) {
		return usagef("%v", err)
	}
	return err
}

// fewSweeps is how many sweeps of a check are told one by one.
const fewSweeps = 8

// tellSweeps says what a check swept: of many how many there were, and for every
// set of invariants that some broke how many did, and the first. The JSON report
// has each.
func (a *app) tellSweeps(r *bootsim.Report) {
	sum := sumOf(r)
	if sum.sweeps > fewSweeps {
		for _, line := range sum.lines() {
			fmt.Fprintln(a.stderr, "swept: "+line)
		}
		return
	}
	for _, l := range r.Lots {
		for _, s := range l.Sweeps {
			fmt.Fprintf(a.stderr, "swept: lot %s, release %s, %s: %s\n", l.Name, s.Release, s.Updater, sweptText(s))
		}
	}
}

// sweepSum is all sweeps of a check together.
type sweepSum struct {
	sweeps, lots, points, bounded int
	broken                        []brokenSum
}

// brokenSum is the sweeps that broke the same.
type brokenSum struct {
	what, first string
	count       int
}

func sumOf(r *bootsim.Report) (sum sweepSum) {
	for _, l := range r.Lots {
		sum.lots += min(len(l.Sweeps), 1)
		for _, s := range l.Sweeps {
			sum.sweeps++
			sum.points += s.States - 1
			switch {
			case len(s.Broken) > 0:
				sum.breaks(strings.Join(s.Broken, ", "), fmt.Sprintf("lot %s, release %s, %s", l.Name, s.Release, s.Updater))
			case s.Verdict == bootsim.NotModelled:
				sum.bounded++
			}
		}
	}
	return sum
}

func (s *sweepSum) breaks(what, where string) {
	i := slices.IndexFunc(s.broken, func(b brokenSum) bool { return b.what == what })
	if i < 0 {
		i = len(s.broken)
		s.broken = append(s.broken, brokenSum{what: what, first: where})
	}
	s.broken[i].count++
}

// lines is one for all sweeps, and one for whatever was broken.
func (s *sweepSum) lines() []string {
	text := fmt.Sprintf("%d releases installed on lots, of which there are %d: a power cut at each of %d points breaks ", s.sweeps, s.lots, s.points)
	if len(s.broken) == 0 {
		text += "nothing"
	} else {
		text += "only what follows"
	}
	if s.bounded > 0 {
		text += fmt.Sprintf(" as far as was looked (%d bounded)", s.bounded)
	}
	out := []string{text + "; the JSON report has each, `bootsim sweep` looks at torn writes and more"}
	for _, b := range s.broken {
		out = append(out, fmt.Sprintf("%d of %d break %s, the first: %s", b.count, s.sweeps, b.what, b.first))
	}
	return out
}

func sweptText(s bootsim.Swept) string {
	text := fmt.Sprintf("a power cut at each of %d points ", s.States-1)
	switch {
	case len(s.Broken) > 0:
		text += "breaks " + strings.Join(s.Broken, ", ")
	case s.Verdict == bootsim.NotModelled:
		text += "breaks nothing as far as was looked (bounded)"
	default:
		text += "breaks nothing"
	}
	return text + "; `bootsim sweep` looks at torn writes and more"
}
