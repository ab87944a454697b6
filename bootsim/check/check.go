// Package check answers the main question: does every device of every lot boot
// what it should, as flashed and after every release is installed over every
// state that the device can reach?
//
// The data flows one way: lot → device → boot → scenario → findings → report.
// Causes are found by bootsim/diagnose; this package only drives devices and
// compares what happened with what should have.
package check

import (
	"errors"
	"slices"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/bootsim/diagnose"
)

// SchemaID names the published schema of the JSON report.
const SchemaID = "https://bootsim.dev/schemas/report.schema.json"

// Options steer a check.
type Options struct {
	Engine Engine
	Tool   string // name and version, for the report
	// Progress is told of every scenario that is finished; nil is silent.
	Progress func(lot, scenario string)
	// Sweep looks at what a loss of power during a release leads to, once the
	// release installs well everywhere. Nil leaves that out, and so does a nil
	// result.
	Sweep func(f *Factory, v Variant, r *bootsim.Release) *bootsim.Swept
}

// Run checks every lot, as flashed and with every release, and reports.
func Run(lots []bootsim.Lot, releases []bootsim.Release, opt Options) *bootsim.Report {
	r := &bootsim.Report{Schema: SchemaID, Tool: opt.Tool, Verdict: bootsim.Pass,
		Lots: []bootsim.LotReport{}, Findings: []bootsim.Finding{}}
	for i := range lots {
		l := checkLot(&lots[i], lots, releases, opt)
		r.Lots = append(r.Lots, l)
		r.Findings = append(r.Findings, l.Findings...)
		if l.Verdict != bootsim.Pass {
			r.Verdict = bootsim.Fail
		}
	}
	return r
}

// lotCheck is the check of one lot under way.
type lotCheck struct {
	lot      *bootsim.Lot
	all      []bootsim.Lot
	factory  *Factory
	opt      Options
	report   bootsim.LotReport
	findings findingSet
}

func checkLot(lot *bootsim.Lot, all []bootsim.Lot, releases []bootsim.Release, opt Options) bootsim.LotReport {
	c := &lotCheck{lot: lot, all: all, opt: opt, report: bootsim.LotReport{
		Name: lot.Name, Source: lot.Source, Verdict: bootsim.Pass, Scenarios: []bootsim.Scenario{},
	}}
	factory, err := Build(lot)
	if err != nil {
		c.unbuildable(err)
		return c.finish()
	}
	c.factory = factory
	for _, v := range c.variants(slices.ContainsFunc(releases, c.concerns)) {
		c.run(v, releases)
	}
	return c.finish()
}

// run checks one variant: the lot as flashed, and then every release from there.
func (c *lotCheck) run(v Variant, releases []bootsim.Release) {
	boot := c.asFlashed(v)
	if boot.outcome.App == nil {
		return
	}
	for i := range releases {
		c.release(v, &releases[i], boot)
	}
}

// variants asks the engine what boots this lot. Build options that leave no
// trace in the bootloader make more than one.
func (c *lotCheck) variants(updates bool) []Variant {
	vs, assumed, err := c.opt.Engine.Variants(c.lot, c.factory.Device, updates)
	c.factory.Assumed = append(c.factory.Assumed, assumed...)
	if err != nil {
		c.unbuildable(err)
		return nil
	}
	return vs
}

// unbuildable records that a lot's device could not be put together.
func (c *lotCheck) unbuildable(err error) {
	f := diagnose.Unbuildable(c.lot, err, errors.Is(err, ErrKeyUnknown))
	c.report.Verdict = bootsim.NotModelled
	c.findings.add(f)
}

func (c *lotCheck) finish() bootsim.LotReport {
	c.report.Findings = c.findings.sorted()
	if c.report.Verdict == bootsim.Pass && slices.ContainsFunc(c.report.Findings, isError) {
		// The bootloader starts the app, and the device is broken all the same.
		c.report.Verdict = bootsim.Fail
	}
	if c.factory != nil {
		c.report.Assumed = unique(c.factory.Assumed)
	}
	return c.report
}

func isError(f bootsim.Finding) bool { return f.Severity == bootsim.Error }

// record adds a scenario and lets its verdict weigh on the lot's.
func (c *lotCheck) record(s bootsim.Scenario) {
	c.report.Scenarios = append(c.report.Scenarios, s)
	if worse(s.Verdict, c.report.Verdict) {
		c.report.Verdict = s.Verdict
	}
	if c.opt.Progress != nil {
		c.opt.Progress(c.lot.Name, s.Name)
	}
}

// worse orders verdicts: a fail is worse than no verdict, which is worse than a pass.
func worse(a, b bootsim.Verdict) bool { return rank(a) > rank(b) }

func rank(v bootsim.Verdict) int {
	switch v {
	case bootsim.Fail:
		return 2
	case bootsim.NotModelled:
		return 1
	}
	return 0
}

func unique(in []string) []string {
	seen := make(map[string]bool, len(in))
	var out []string
	for _, s := range in {
		if !seen[s] {
			seen[s] = true
			out = append(out, s)
		}
	}
	return out
}
