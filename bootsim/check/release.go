package check

import (
	"fmt"
	"slices"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/bootsim/diagnose"
	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/ota"
	"github.com/bootsim/bootsim/flashmodel/otadata"
	"github.com/bootsim/bootsim/flashmodel/parttable"
)

// maxStates bounds the walk over running slots and otadata states. Sixteen
// slots with both sectors and every state stay far below it.
const maxStates = 256

// walk is the check of one release on one lot: breadth-first over every running
// slot and otadata state that updates with this release lead to.
type walk struct {
	*lotCheck
	variant Variant
	release *bootsim.Release
	table   *parttable.Table
	seen    map[otaState]bool
	queue   []booted
}

// release installs a release from every state that the device can reach.
func (c *lotCheck) release(v Variant, r *bootsim.Release, from booted) {
	if !c.concerns(*r) {
		return
	}
	table, err := ota.Table(from.device, c.factory.TableOffset)
	if err != nil {
		return // the bootloader accepted what the application cannot read; Latent reports it
	}
	failed := c.failed()
	w := &walk{lotCheck: c, variant: v, release: r, table: table, seen: map[otaState]bool{}, queue: []booted{from}}
	for len(w.queue) > 0 && len(w.seen) < maxStates {
		next := w.queue[0]
		w.queue = w.queue[1:]
		w.step(next)
	}
	if c.Sweep != nil && c.failed() == failed {
		c.swept(v, r)
	}
}

// failed counts the scenarios that did not pass.
func (c *lotCheck) failed() (n int) {
	for i := range c.report.Scenarios {
		if c.report.Scenarios[i].Verdict != bootsim.Pass {
			n++
		}
	}
	return n
}

// swept records what losses of power lead to.
func (c *lotCheck) swept(v Variant, r *bootsim.Release) {
	s := c.Sweep(c.factory, v, r)
	if s == nil {
		return
	}
	c.report.Sweeps = append(c.report.Sweeps, *s)
	c.tell(c.lot.Name, "power cuts during release "+r.Name, func(*Progress) {})
	if s.Verdict == bootsim.Fail {
		c.findings.add(diagnose.PowerCut(c.lot, s))
	}
}

// concerns tells whether a release has anything for this lot.
func (c *lotCheck) concerns(r bootsim.Release) bool {
	return slices.ContainsFunc(r.Artifacts, c.forThisLot)
}

func (c *lotCheck) forThisLot(a bootsim.Artifact) bool {
	return len(a.Lots) == 0 || slices.Contains(a.Lots, c.lot.Name)
}

// step updates one device in every way that the release offers.
func (w *walk) step(from booted) {
	state := stateOf(from.device, w.table, from.outcome.App.Slot)
	if w.seen[state] {
		return
	}
	w.seen[state] = true
	app := w.app(from.device, from.outcome.App)
	x, err := app.Next(state.running)
	if err != nil {
		w.noTarget(from, err)
		return
	}
	target := app.Slots()[x]
	artifacts := w.artifactsFor(target)
	if len(artifacts) == 0 {
		w.nothingFor(from, target)
		return
	}
	for _, a := range artifacts {
		w.install(from, a, x, target)
	}
}

// nothingFor records that a device stays without the update.
func (w *walk) nothingFor(from booted, target parttable.Entry) {
	running := from.outcome.App.Label
	w.findings.add(diagnose.NoArtifact(w.lot, w.release, running, target))
	w.record(bootsim.Scenario{Release: w.release.Name, Log: []string{}, Verdict: bootsim.Fail,
		Name:   fmt.Sprintf("release %s: nothing for %s while %s runs%s", w.release.Name, target.Name(), running, suffix(w.variant)),
		Expect: "an update to " + target.Name()})
}

// noTarget remembers that a device cannot be updated from where it runs; that
// is a fault of the lot's layout only when nothing else can run.
func (w *walk) noTarget(from booted, err error) {
	if from.outcome.App.Slot >= 0 && len(w.seen) > 1 {
		return
	}
	w.findings.add(diagnose.NoTarget(w.lot, w.release, from.outcome.App.Label, err))
}

func (w *walk) artifactsFor(target parttable.Entry) []*bootsim.Artifact {
	var out []*bootsim.Artifact
	for i := range w.release.Artifacts {
		a := &w.release.Artifacts[i]
		if w.forThisLot(*a) && (len(a.Slots) == 0 || slices.Contains(a.Slots, target.Name())) {
			out = append(out, a)
		}
	}
	return out
}

// install writes one artifact to the target slot, selects it, resets, and
// compares what boots.
func (w *walk) install(from booted, a *bootsim.Artifact, x int, target parttable.Entry) {
	s := bootsim.Scenario{Release: w.release.Name, Log: []string{},
		Name:   w.scenarioName(from, target, a),
		Expect: expected{label: target.Name(), version: a.Version}.describe()}
	before := from.device.Fork()
	err := w.write(w.app(before, from.outcome.App), a, x, target)
	ctx := diagnose.Context{Lot: w.lot, All: w.all, Release: w.release, Artifact: a, Device: before,
		TableOffset: w.factory.TableOffset, Scenario: s.Name,
		Want:      diagnose.Target{Slot: x, Label: target.Name(), Offset: target.Offset, Version: a.Version},
		DependsOn: w.variant.DependsOn, IDF: w.variant.IDF}
	if err != nil {
		s.Verdict = bootsim.Fail
		w.findings.add(diagnose.Uninstallable(&ctx, err))
		w.record(s)
		return
	}
	w.judge(&s, &ctx)
}

// judge boots the updated device and follows it further when it boots what was installed.
func (w *walk) judge(s *bootsim.Scenario, ctx *diagnose.Context) {
	after := boot(w.variant, restart(ctx.Device))
	ctx.Outcome, ctx.After = after.outcome, after.device
	s.Boots, s.Log = bootsOf(after.device, after.outcome.App), logOf(after.outcome)
	want := expected{slot: ctx.Want.Slot, label: ctx.Want.Label, version: ctx.Want.Version}
	s.Verdict = verdict(after.outcome, want.met(after.outcome, s.Boots))
	w.findings.add(explain(ctx, s)...)
	w.findings.add(diagnose.Disagreement(ctx)...)
	if s.Verdict == bootsim.Pass {
		w.follow(after)
	}
	w.record(*s)
}

// follow queues a device that runs the new application, confirmed when its
// bootloader would roll back otherwise.
func (w *walk) follow(after booted) {
	app := w.app(after.device, after.outcome.App)
	if w.variant.Rollback && app.Confirm() != nil {
		return
	}
	w.queue = append(w.queue, after)
}

// restart gives a fork that starts by software reset, as after an update.
func restart(d *emu.Device) *emu.Device {
	f := d.Fork()
	f.Cause = emu.ResetSoftware
	return f
}

// app is what the running application can do to a device. One without a
// descriptor was built before v3.3 and knows no states.
func (w *walk) app(d *emu.Device, running *emu.App) *ota.App {
	a := &ota.App{Device: d, Table: w.table, Era: otadata.EraState, Rollback: w.variant.Rollback}
	if _, ok := descriptorOf(d, running); !ok {
		a.Era, a.Rollback = otadata.EraLabel, false
	}
	return a
}

func (w *walk) write(app *ota.App, a *bootsim.Artifact, x int, target parttable.Entry) error {
	if err := app.Write(target, a.Data, a.Encrypted); err != nil {
		return err
	}
	return app.SetBoot(x)
}

func (w *walk) scenarioName(from booted, target parttable.Entry, a *bootsim.Artifact) string {
	running := from.outcome.App
	return fmt.Sprintf("release %s: %s installed to %s while %s runs, %s%s", w.release.Name, a.File, target.Name(),
		running.Label, stateOf(from.device, w.table, running.Slot), suffix(w.variant))
}
