package provision

import (
	"fmt"
	"slices"

	"github.com/bootsim/bootsim/bootsim/diagnose"
	"github.com/bootsim/bootsim/emu/efuse"
	"github.com/bootsim/bootsim/flashmodel"
)

// fuseChanges lists the fields that differ. What a key block holds is not shown.
func fuseChanges(before, after *efuse.Set) (out []string) {
	for _, f := range efuse.Fields() {
		switch {
		case f.Derived:
		case f.WholeBlock():
			if !slices.Equal(before.Cells(f.Block), after.Cells(f.Block)) {
				out = append(out, f.Name+blockBurnt(f.Block))
			}
		case f.Block > 0 && after.CodingScheme() != before.CodingScheme():
		case f.Len <= 64 && before.GetHidden(f) != after.GetHidden(f):
			out = append(out, fmt.Sprintf("%s 0x%x -> 0x%x", f.Name, before.GetHidden(f), after.GetHidden(f)))
		}
	}
	return out
}

// blockBurnt tells what a block was burnt with. BLOCK3 holds no key of the
// chip's own but a custom MAC, or what the app likes.
func blockBurnt(block int) string {
	if block == 3 {
		return ": burnt"
	}
	return ": key burnt"
}

// flashChanges lists the stretches of flash that differ, and what lies there now.
func (p *printer) flashChanges(before *state, out outcome) (text []string) {
	after := out.state
	changed := after.device.Flash.ChangedSectors(before.device.Flash)
	if len(changed) == 0 {
		return nil
	}
	lot := p.lot(after)
	ctx := diagnose.Context{Lot: &lot, Device: after.device, TableOffset: lot.TableOffset}
	var known []write
	for _, w := range after.writes[len(after.writes)-newWrites(before, after):] {
		known = append(known, w)
		text = append(text, fmt.Sprintf("0x%08x to 0x%08x: %s: %s", w.addr, w.addr+w.size, w.file, diagnose.Describe(&ctx, w.addr, w.size)))
	}
	for _, run := range runs(changed) {
		if !covered(run, known) {
			text = append(text, fmt.Sprintf("0x%08x to 0x%08x: %s", run.addr, run.addr+run.size, p.content(&ctx, run, out)))
		}
	}
	return text
}

func (p *printer) content(ctx *diagnose.Context, run stretch, out outcome) string {
	text := diagnose.Describe(ctx, run.addr, run.size)
	if out.boot != nil && len(out.ops) > out.toolOps && slices.ContainsFunc(out.ops[out.toolOps:], func(op flashmodel.Op) bool {
		return op.Kind != flashmodel.OpBurn && op.Addr >= run.addr && op.Addr-run.addr < run.size
	}) {
		text += ", written by the device itself"
	}
	return text
}

// newWrites counts the files that a step wrote.
func newWrites(before, after *state) int { return max(len(after.writes)-len(before.writes), 0) }
