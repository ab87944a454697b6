package provision

import (
	"fmt"
	"strings"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/efuse"
)

// goal is the end that the plan comes to when nothing goes wrong.
type goal struct {
	app    string      // what boots
	efuses [4][]byte   // cells that are burnt in the end
	device *emu.Device // after its first boot
	state  *state      // after the last step
	boots  *bootsim.Boots
	// What the plan wrote to flash, and what the device reads there.
	written  []stretch
	contents []digest
}

func (j *judge) goalOf(s *state) goal {
	b := j.boot(s)
	g := goal{app: b.app(), device: b.device, state: s}
	for block := range g.efuses {
		g.efuses[block] = b.device.Efuses.Cells(block)
	}
	for _, w := range j.written(s) {
		g.written, g.contents = append(g.written, w), append(g.contents, contentOf(b.device, w))
	}
	if a := b.outcome.App; a != nil {
		g.boots = &bootsim.Boots{Label: a.Label, Offset: a.Offset, Version: b.version}
	}
	return g
}

// met tells whether a state is as good as the plan's end: the device boots the
// same, has every eFuse burnt that it should have, and reads in flash what the
// plan wrote.
func (j *judge) met(s *state) bool {
	b := j.boot(s)
	if b.outcome.End != emu.EndApp || b.app() != j.goal.app {
		return false
	}
	for block, want := range j.goal.efuses {
		if !within(want, b.device.Efuses.Cells(block)) {
			return false
		}
	}
	return j.sameFlash(b.device)
}

// within tells whether every bit of a is set in b.
func within(a, b []byte) bool {
	for i := range a {
		if a[i]&^b[i] != 0 {
			return false
		}
	}
	return true
}

// run carries out steps from a state. A step that fails ends it, unless the
// person at the line takes failures for steps that are done already.
func (j *judge) run(s *state, steps []int, tolerant bool) (*state, outcome, bool) {
	var failed outcome
	j.spent += len(steps)
	for _, i := range steps {
		out := j.step(s, i)
		if out.failed && tolerant {
			out = j.insist(s, i, out)
		}
		if out.failed && !j.plan.Steps[i].MayFail {
			if !tolerant {
				return out.state, out, false
			}
			if failed.state == nil && !j.plan.Steps[i].offDevice() {
				failed = out
			}
		}
		s = out.state
	}
	return s, failed, true
}

// from lists the steps from one on.
func (j *judge) from(k int) []int {
	var out []int
	for i := k; i < len(j.plan.Steps); i++ {
		out = append(out, i)
	}
	return out
}

// rescue looks for a way from a state to the plan's end: the steps from one on,
// the preferred ones first, and then, with failures passed over, from any step.
// It returns the step that it starts from. Whether a tool had to be forced is
// kept in insisted.
func (j *judge) rescue(s *state, preferred ...int) (int, bool) {
	j.insisted = false
	for _, k := range preferred {
		if end, _, ok := j.run(s, j.from(k), false); ok && j.met(end) {
			return k, true
		}
	}
	for k := len(j.plan.Steps); k >= 0; k-- {
		j.insisted = false
		if end, _, _ := j.run(s, j.from(k), true); j.met(end) {
			return k, true
		}
	}
	return 0, false
}

// lost tells what keeps a state from ever coming to the plan's end.
func (j *judge) lost(s *state) string {
	have, want := s.device.Efuses, j.goal.device.Efuses
	var why, extra []string
	for _, f := range efuse.Fields() {
		if text := lostField(f, have, want); text != "" {
			why = append(why, text)
		} else if hasMore(f, have, want) {
			extra = append(extra, f.Name)
		}
	}
	if have.UARTDownloadDisable() && have.Revision(s.device.APBRevision).Major >= 3 {
		why = append(why, "UART_DOWNLOAD_DIS is burnt: no tool reaches the chip any more")
	}
	if len(why) == 0 && len(extra) > 0 {
		return strings.Join(extra, ", ") + " are burnt where the plan ends without, and burnt bits stay"
	}
	if len(why) == 0 {
		if _, failed, _ := j.run(s, j.from(0), true); failed.state != nil {
			return "the steps no longer succeed: " + failed.message
		}
		return j.lostContent(s)
	}
	return strings.Join(why, "; ")
}

func lostField(f efuse.Field, have, want *efuse.Set) string {
	if f.Derived || f.Name == "WR_DIS" || f.Name == "RD_DIS" {
		return ""
	}
	if f.WholeBlock() {
		h, w := have.Cells(f.Block), want.Cells(f.Block)
		switch {
		case within(w, h) && within(h, w):
		case !within(h, w):
			return f.Name + " holds another key than the plan burns, and burnt bits stay"
		case !within(w, h) && !have.Writeable(f):
			return f.Name + " is write-protected and does not hold the plan's key"
		}
		return ""
	}
	if f.Len > 64 {
		return ""
	}
	if h, w := have.GetHidden(f), want.GetHidden(f); w&^h != 0 && !have.Writeable(f) {
		return fmt.Sprintf("%s is 0x%x and write-protected, so that it never becomes 0x%x", f.Name, h, w)
	}
	return ""
}

// hasMore tells whether a field has bits that the plan does not burn.
func hasMore(f efuse.Field, have, want *efuse.Set) bool {
	return !f.Derived && !f.WholeBlock() && f.Len <= 64 && f.Name != "WR_DIS" && f.Name != "RD_DIS" && have.GetHidden(f)&^want.GetHidden(f) != 0
}
