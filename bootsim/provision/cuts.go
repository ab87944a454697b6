package provision

import (
	"errors"
	"fmt"
	"strings"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/flashmodel"
)

// cutsAndOrders tries what can go wrong on the way to the plan's end. A plan
// that is refuted already has no end to compare with.
func (j *judge) cutsAndOrders() {
	switch {
	case !j.complete():
		return
	case j.refuted() || j.report.Verdict != bootsim.Pass:
		j.tally.Skipped = "the plan is refuted as it stands"
		return
	}
	j.goal = j.goalOf(j.last())
	if j.goal.app == "" {
		j.tally.Skipped = "the plan ends with a device that boots nothing"
		return
	}
	j.cutsBetween()
	j.cutsInside()
	j.orders()
	if j.tally.Left > 0 {
		f := j.add("plan-not-all-tried", "%d power cuts and orders were not tried: the plan has %d steps", j.tally.Left, len(j.plan.Steps))
		f.File = j.plan.Source
	}
}

// Bounds of a check: the steps that it runs, remembered ones included, and the
// bytes that they read and write. A plan of fifty steps stays below the first,
// one that writes 4 MB below the second.
const (
	maxSpent  = 200_000
	maxWorked = 4 << 30
)

// exhausted tells that no further cut or order is tried, and counts it.
func (j *judge) exhausted() bool {
	if j.spent < maxSpent && j.worked < maxWorked {
		return false
	}
	j.tally.Left++
	return true
}

// before is the state that a step finds.
func (j *judge) before(i int) *state {
	if i == 0 {
		return j.first
	}
	return j.trail[i-1].state
}

// cutsBetween cuts the power between two steps, lets the device boot when it
// comes back, and goes on.
func (j *judge) cutsBetween() {
	for i := 1; i < len(j.plan.Steps); i++ {
		if j.exhausted() {
			continue
		}
		j.tally.Cuts++
		j.cut(fmt.Sprintf("power cut after step %d", j.plan.Steps[i-1].Number), j.powerCycle(j.before(i)), i, i)
	}
}

// cut judges the state after a power cut. The steps that a person would go on
// with are the preferred ones.
func (j *judge) cut(name string, s *state, at int, preferred ...int) {
	sc := bootsim.Scenario{Name: name, Verdict: bootsim.Pass, Boots: j.goal.boots, Expect: "the plan can go on"}
	k, ok := j.rescue(s, preferred...)
	switch {
	case !ok:
		sc.Verdict, sc.Boots = bootsim.Fail, nil
		j.cutFinding("plan-device-lost", name, "the device cannot be completed any more: "+j.lost(s))
	case k < at || j.insisted:
		text := fmt.Sprintf("go on from %s: %s", j.plan.Steps[k].At(), j.plan.Steps[k].String())
		if j.insisted {
			text += ", with --force (esptool) or --force-write-always (espefuse) where the tool asks for it"
		}
		j.cutFinding("plan-resume", name, text)
	}
	j.scenario(sc)
}

// cutFinding records what a power cut comes to. Several with the same
// consequence are one finding.
func (j *judge) cutFinding(rule, name, consequence string) {
	for i := range j.report.Findings {
		f := &j.report.Findings[i]
		if f.Rule == rule && strings.HasSuffix(f.Message, ": "+consequence) {
			f.Evidence = append(f.Evidence, "the same: "+name)
			return
		}
	}
	f := j.add(rule, "%s: %s", name, consequence)
	f.Scenario, f.File = name, j.plan.Source
}

// errCut ends a step at a power cut.
var errCut = errors.New("power cut")

// cutter is a journal's interceptor that cuts the power before an operation, or
// in the middle of it.
type cutter struct {
	at   int
	torn bool
	seen int
}

// Intercept implements flashmodel.Interceptor.
func (c *cutter) Intercept(_ flashmodel.Op, before, after []byte) error {
	n := c.seen
	c.seen++
	if n < c.at {
		return nil
	}
	if n == c.at && c.torn {
		tear(before, after)
		return errCut
	}
	copy(after, before)
	return errCut
}

// tear takes back every second bit that an operation changes.
func tear(before, after []byte) {
	changed := 0
	for i := range after {
		for bit := byte(1); bit != 0; bit <<= 1 {
			if (before[i]^after[i])&bit == 0 {
				continue
			}
			if changed++; changed%2 == 0 {
				after[i] ^= bit
			}
		}
	}
}

// cutsInside cuts the power inside steps: before and in the middle of every
// burn of eFuses, and at three places of what a step does to flash.
func (j *judge) cutsInside() {
	for i, out := range j.trail {
		for _, c := range points(out.ops) {
			if j.exhausted() {
				continue
			}
			j.tally.Inside++
			journal := &flashmodel.Journal{Interceptor: &c}
			s := j.carryOut(j.before(i), &j.plan.Steps[i], journal).state
			name := fmt.Sprintf("power cut in step %d, %s", j.plan.Steps[i].Number, c.describe(out))
			j.cut(name, j.powerCycle(s), i, i, i+1)
		}
	}
}

// points are where a step is cut.
func points(ops []flashmodel.Op) (out []cutter) {
	var flash []int
	for i, op := range ops {
		if op.Kind != flashmodel.OpBurn {
			flash = append(flash, i)
			continue
		}
		if i > 0 {
			out = append(out, cutter{at: i})
		}
		out = append(out, cutter{at: i, torn: true})
	}
	if n := len(flash); n > 1 {
		out = append(out, cutter{at: flash[1]})
		if n > 3 {
			out = append(out, cutter{at: flash[n/2], torn: true}, cutter{at: flash[n-1]})
		}
	}
	return out
}

// describe tells where a step was cut.
func (c *cutter) describe(out outcome) string {
	op := out.ops[c.at]
	where := fmt.Sprintf("%s at 0x%08x", op.Kind, op.Addr)
	if op.Kind == flashmodel.OpBurn {
		where = fmt.Sprintf("burn of BLOCK%d", op.Addr)
	}
	where += fmt.Sprintf(" (operation %d of %d)", c.at+1, len(out.ops))
	if c.at >= out.toolOps {
		where += " while the device boots"
	}
	if c.torn {
		return "half-way through the " + where
	}
	return "before the " + where
}
