package provision

import (
	"fmt"
	"slices"
	"strings"

	"github.com/bootsim/bootsim/bootsim"
)

// order is another order of a plan's steps that a person could come to.
type order struct {
	name  string
	steps []int
}

// maxOrders bounds how many orders are tried, those that move a step last. A plan
// of thirty steps that all reach the device has fewer.
const maxOrders = 1000

// others lists the orders: one step left out, one done twice, two neighbours
// swapped, one moved elsewhere. Steps on files alone are not moved further than
// to their neighbour's place: what they make is there in time, or the step that
// reads it fails.
func (j *judge) others() (out []order) {
	all := j.from(0)
	n := len(all)
	num := func(i int) int { return j.plan.Steps[i].Number }
	for i := range n {
		out = append(out, order{fmt.Sprintf("step %d left out", num(i)), slices.Delete(slices.Clone(all), i, i+1)})
		out = append(out, order{fmt.Sprintf("step %d done twice", num(i)), slices.Insert(slices.Clone(all), i, i)})
	}
	for i := 0; i+1 < n; i++ {
		s := slices.Clone(all)
		s[i], s[i+1] = s[i+1], s[i]
		out = append(out, order{fmt.Sprintf("steps %d and %d swapped", num(i), num(i+1)), s})
	}
	for i := range n {
		for to := range n {
			if !j.touches(i) || to >= i-1 && to <= i+1 {
				continue
			}
			if len(out) >= maxOrders {
				j.tally.Left++
				continue
			}
			s := slices.Insert(slices.Delete(slices.Clone(all), i, i+1), to, i)
			out = append(out, order{fmt.Sprintf("step %d moved to place %d", num(i), to+1), s})
		}
	}
	return out
}

// touches tells whether a step reaches the device.
func (j *judge) touches(i int) bool { return len(j.trail[i].ops) > 0 || j.trail[i].boot != nil }

// orders tries the other orders. That one of them loses the device is no fault
// of the plan, and its author wants to know.
func (j *judge) orders() {
	var lost losses
	for _, o := range j.others() {
		if j.exhausted() {
			continue
		}
		j.tally.Orders++
		end, _, ok := j.run(j.first, o.steps, false)
		sc := bootsim.Scenario{Name: o.name, Verdict: bootsim.Pass, Boots: j.goal.boots, Expect: "no device is lost"}
		switch {
		case ok && j.met(end):
			j.tally.Harmless++
		case j.mends(end):
			j.tally.Recoverable++
		default:
			j.tally.Lost++
			sc.Boots = nil
			lost.add(o.name, j.lost(j.powerCycle(end)))
		}
		j.scenario(sc)
	}
	if len(lost.why) > 0 {
		j.reportLost(&lost)
	}
}

// losses are the orders that lose the device, by what is lost.
type losses struct {
	why    []string
	orders [][]string
}

func (l *losses) add(order, why string) {
	i := slices.Index(l.why, why)
	if i < 0 {
		i = len(l.why)
		l.why, l.orders = append(l.why, why), append(l.orders, nil)
	}
	l.orders[i] = append(l.orders[i], order)
}

// mends tells whether the plan's own steps bring a device to the plan's end.
func (j *judge) mends(s *state) bool {
	_, ok := j.rescue(s)
	return ok
}

// maxListed bounds the orders that a finding lists for one reason.
const maxListed = 8

func (j *judge) reportLost(lost *losses) {
	f := j.add("plan-order-matters", "of %d other orders of the steps %d lose the device", j.tally.Orders, j.tally.Lost)
	f.File = j.plan.Source
	for i, why := range lost.why {
		names := lost.orders[i]
		text := strings.Join(names[:min(len(names), maxListed)], "; ")
		if n := len(names) - maxListed; n > 0 {
			text += fmt.Sprintf("; and %d more", n)
		}
		f.Evidence = append(f.Evidence, text+": "+why)
	}
}
