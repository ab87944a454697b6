package check

import (
	"fmt"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/bootsim/diagnose"
	"github.com/bootsim/bootsim/emu"
)

// booted is a device after a boot.
type booted struct {
	device  *emu.Device
	outcome emu.Outcome
}

// asFlashed boots the lot as it leaves the factory.
func (c *lotCheck) asFlashed(v Variant) booted {
	ctx := diagnose.Context{Lot: c.lot, All: c.all, Device: c.factory.Device, TableOffset: c.factory.TableOffset,
		Scenario: "as flashed" + suffix(v), DependsOn: v.DependsOn, IDF: v.IDF}
	want := expectation(&ctx)
	b := boot(v, c.factory.Device.Fork())
	ctx.Want, ctx.Outcome, ctx.After = want.target(), b.outcome, b.device
	s := bootsim.Scenario{Name: ctx.Scenario, Expect: want.describe(),
		Boots: bootsOf(b.device, b.outcome.App), Log: logOf(b.outcome)}
	s.Verdict = verdict(b.outcome, want.met(b.outcome, s.Boots))
	found := explain(&ctx, &s)
	c.findings.add(found...)
	c.findings.add(diagnose.Latent(&ctx, found)...)
	c.findings.add(diagnose.Disagreement(&ctx)...)
	c.record(s)
	return b
}

// explain finds the causes of a scenario that did not pass. One that ran into
// what is not modelled because it ran on noise is a fail.
func explain(ctx *diagnose.Context, s *bootsim.Scenario) []bootsim.Finding {
	switch s.Verdict {
	case bootsim.Fail:
		return diagnose.Failure(ctx)
	case bootsim.NotModelled:
		if found := diagnose.Misread(ctx); len(found) > 0 {
			s.Verdict = bootsim.Fail
			return found
		}
		return []bootsim.Finding{diagnose.NotModelled(ctx)}
	}
	return nil
}

func suffix(v Variant) string {
	if v.DependsOn == "" {
		return ""
	}
	return ", " + v.DependsOn
}

func verdict(out emu.Outcome, met bool) bootsim.Verdict {
	switch {
	case out.End == emu.EndUnknown:
		return bootsim.NotModelled
	case met:
		return bootsim.Pass
	}
	return bootsim.Fail
}

func logOf(out emu.Outcome) []string {
	log := make([]string, 0, len(out.Log))
	for _, l := range out.Log {
		log = append(log, l.String())
	}
	return log
}

func (e expected) describe() string {
	if e.slot == emu.SlotNone {
		return "some application"
	}
	s := e.label
	if e.version != "" {
		s += fmt.Sprintf(", version %s", e.version)
	}
	return s
}
