package execute

import (
	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/engine"
	"github.com/bootsim/bootsim/emu/esp32"
)

// pair boots with both engines and compares.
type pair struct {
	model emu.Booter
	exec  execution
}

// execution is one boot by execution: how it ended, and what the chip drew at
// random; nil where the ROM started nothing.
type execution func(*emu.Device) (emu.Outcome, *emu.Draws)

// Boot implements emu.Booter. The device becomes what the executed binary makes
// of it, and the outcome is its; where both agree it has the model's account of
// refusals, which knows more than the console tells.
func (p *pair) Boot(d *emu.Device) emu.Outcome {
	twin := d.Fork()
	out, draws := p.exec(d)
	// The binary draws first: how often it reads the generator for a number
	// depends on its compiler, and the model is given what came of it.
	twin.Draws = draws
	second := p.model.Boot(twin)
	twin.Draws = d.Draws
	if out.End == emu.EndUnknown {
		// The second witness has nothing to say. What the model found stands.
		second.Unwitnessed = noOpinion(second)
		if second.Unwitnessed == "" {
			second.Disagreements = []string{"the binary could not be executed to an end: " + out.NotModelled}
		}
		*d = *twin
		return second
	}
	out.Disagreements = Compare(second, out, twin, d)
	out.Unwitnessed = noOpinion(second)
	if sameEnd(second, out) {
		out.Refusals, out.Selection, out.Stage = second.Refusals, second.Selection, second.Stage
	}
	return out
}

// executionBy executes on an engine, which it shares with others.
func executionBy(e *engine.Engine) execution {
	return func(d *emu.Device) (out emu.Outcome, draws *emu.Draws) {
		mine := *e
		mine.Observe = func(m *esp32.Machine, r *esp32.Result) {
			if e.Observe != nil {
				e.Observe(m, r)
			}
			if r != nil {
				draws = m.Draws()
			}
		}
		out = mine.Boot(d)
		return out, draws
	}
}
