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
	"sync"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/bootsim/diagnose"
	"github.com/bootsim/bootsim/flashmodel"
)

// SchemaID names the published schema of the JSON report.
const SchemaID = "https://bootsim.dev/schemas/report.schema.json"

// Options steer a check.
type Options struct {
	Engine Engine
	Tool   string // name and version, for the report
	// Workers is how many goroutines check at the same time; 0 is one. Lots, and
	// releases of one lot, do not depend on each other, and the report does not
	// depend on the workers. With more than one, Engine, what it boots with, and
	// Sweep are used by several goroutines at once.
	Workers int
	// Progress is told of every scenario and sweep that is finished, one call at
	// a time but with several workers in no certain order; nil is silent.
	Progress func(Progress)
	// Sweep looks at what a loss of power during a release leads to, once the
	// release installs well everywhere. Nil leaves that out, and so does a nil
	// result.
	Sweep func(f *Factory, v Variant, r *bootsim.Release) *bootsim.Swept
}

// Progress is how far a check has come.
type Progress struct {
	Lot  string
	Done string // the scenario or sweep that was finished last
	// Lots of Of are finished, and so many Scenarios of all lots.
	Lots, Of, Scenarios int
}

// Run checks every lot, as flashed and with every release, and reports. Nobody may
// alter the files of lots and releases meanwhile.
func Run(lots []bootsim.Lot, releases []bootsim.Release, opt Options) *bootsim.Report {
	r := &bootsim.Report{Schema: SchemaID, Tool: opt.Tool, Verdict: bootsim.Pass,
		Lots: []bootsim.LotReport{}, Findings: []bootsim.Finding{}}
	j := &job{Options: opt, all: lots, releases: releases, crew: newCrew(opt.Workers), progress: Progress{Of: len(lots)}}
	j.lend()
	reports := make([]bootsim.LotReport, len(lots))
	j.each(len(lots), func(i int) { reports[i] = j.lot(&lots[i]) })
	for _, l := range reports {
		r.Lots = append(r.Lots, l)
		r.Findings = append(r.Findings, l.Findings...)
		if l.Verdict != bootsim.Pass {
			r.Verdict = bootsim.Fail
		}
	}
	return r
}

// lend puts every file into the stock: lots and releases name the same ones over
// and over, and devices hold them where they lie.
func (j *job) lend() {
	var files [][]byte
	for i := range j.all {
		for _, p := range j.all[i].Contents {
			files = append(files, p.Data)
		}
	}
	for i := range j.releases {
		for _, a := range j.releases[i].Artifacts {
			files = append(files, a.Data)
		}
	}
	j.stock = flashmodel.NewStock(files)
}

// job is a whole check under way.
type job struct {
	Options
	*crew
	all      []bootsim.Lot
	releases []bootsim.Release
	stock    *flashmodel.Stock // every file

	telling  sync.Mutex
	progress Progress
}

// tell tells of progress, after update has brought it up to date.
func (j *job) tell(lot, done string, update func(*Progress)) {
	if j.Progress == nil {
		return
	}
	j.telling.Lock()
	defer j.telling.Unlock()
	j.progress.Lot, j.progress.Done = lot, done
	update(&j.progress)
	j.Progress(j.progress)
}

// lotCheck is the check of one lot, or of a part of it, under way.
type lotCheck struct {
	*job
	lot      *bootsim.Lot
	factory  *Factory
	report   bootsim.LotReport
	findings findingSet
}

// lot checks one lot.
func (j *job) lot(lot *bootsim.Lot) bootsim.LotReport {
	c := &lotCheck{job: j, lot: lot, report: bootsim.LotReport{
		Name: lot.Name, Source: lot.Source, Verdict: bootsim.Pass, Scenarios: []bootsim.Scenario{},
	}}
	factory, err := build(lot, j.stock)
	if err != nil {
		c.unbuildable(err)
		return c.finish()
	}
	c.factory = factory
	for _, v := range c.variants(slices.ContainsFunc(j.releases, c.concerns)) {
		c.run(v)
	}
	return c.finish()
}

// run checks one variant: the lot as flashed, and then every release from there.
func (c *lotCheck) run(v Variant) {
	boot := c.asFlashed(v)
	if boot.outcome.App == nil {
		return
	}
	parts := make([]*lotCheck, len(c.releases))
	c.each(len(parts), func(i int) {
		parts[i] = &lotCheck{job: c.job, lot: c.lot, factory: c.factory}
		parts[i].release(v, &c.releases[i], boot)
	})
	for _, p := range parts {
		c.take(p)
	}
}

// take adds what a part of the check has come to, as if it had come to it now.
func (c *lotCheck) take(p *lotCheck) {
	for _, s := range p.report.Scenarios {
		c.weigh(s)
	}
	c.report.Sweeps = append(c.report.Sweeps, p.report.Sweeps...)
	c.findings.add(p.findings.list...)
}

// variants asks the engine what boots this lot. Build options that leave no
// trace in the bootloader make more than one.
func (c *lotCheck) variants(updates bool) []Variant {
	vs, assumed, err := c.Engine.Variants(c.lot, c.factory.Device, updates)
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
	c.tell(c.lot.Name, "", func(p *Progress) { p.Lots++ })
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

// record adds a scenario and tells of it.
func (c *lotCheck) record(s bootsim.Scenario) {
	c.weigh(s)
	c.tell(c.lot.Name, s.Name, func(p *Progress) { p.Scenarios++ })
}

// weigh adds a scenario and lets its verdict weigh on the lot's.
func (c *lotCheck) weigh(s bootsim.Scenario) {
	c.report.Scenarios = append(c.report.Scenarios, s)
	if worse(s.Verdict, c.report.Verdict) {
		c.report.Verdict = s.Verdict
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
