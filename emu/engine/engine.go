// Package engine boots a device by executing its own second stage bootloader:
// the ROM's first stage is emu/rom's model, everything after its jump is the
// binary from the flash, instruction by instruction, on emu/esp32.
package engine

import (
	"fmt"

	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/esp32"
	"github.com/bootsim/bootsim/emu/rom"
)

// Engine is an emu.Booter. It keeps nothing between boots and may be shared by
// goroutines that boot devices of their own.
type Engine struct {
	// Options are those of the machine.
	Options esp32.Options
	// SkipROM leaves the ROM's lines out of the log, as recordings do.
	SkipROM bool
	// Observe is told of every machine before it runs and after; nil is silent.
	Observe func(m *esp32.Machine, r *esp32.Result)
}

// Boot carries out one boot.
func (e *Engine) Boot(d *emu.Device) emu.Outcome {
	if d.Efuses.CacheDisable() {
		return emu.Outcome{End: emu.EndROM} // flash cannot be read through the cache
	}
	first := rom.Run(d)
	out := emu.Outcome{
		End: first.End, Refusals: first.Refusals, NotModelled: first.NotModelled, NextCause: first.NextCause,
	}
	if !e.SkipROM {
		out.Log = first.Log
	}
	if first.Loaded == nil {
		return out
	}
	m := esp32.New(d, first.Loaded, e.Options)
	if e.Observe != nil {
		e.Observe(m, nil)
	}
	r := m.Run()
	if e.Observe != nil {
		e.Observe(m, &r)
	}
	out.Stage = emu.StageBootloader
	out.Log = append(out.Log, Lines(m.Console())...)
	conclude(&out, m, &r)
	out.Refusals = append(out.Refusals, refusals(out.Log)...)
	if r.How == esp32.Excepted || r.How == esp32.Spinning {
		out.Refusals = append(out.Refusals, crash(m, &r))
	}
	out.Selection = selection(&out)
	return out
}

// conclude says how the boot ended.
func conclude(out *emu.Outcome, m *esp32.Machine, r *esp32.Result) {
	switch r.How {
	case esp32.Entered:
		out.End = emu.EndApp
		out.App = app(m, r)
	case esp32.Reset:
		out.End, out.NextCause = emu.EndReset, r.Cause
	case esp32.Returned:
		out.End = emu.EndReturned
		out.Log = append(out.Log, emu.Line{Stage: emu.StageROM, Text: rom.UserCodeDone})
	case esp32.Aborted:
		out.End = emu.EndAbort
	case esp32.Excepted:
		out.End = emu.EndException
	case esp32.Spinning:
		out.End = emu.EndHang
		if aborted(out.Log) {
			out.End = emu.EndAbort
		}
	case esp32.OutOfSteps:
		out.End = emu.EndUnknown
		out.NotModelled = fmt.Sprintf("the bootloader has not come to an end after %d instructions", r.Steps)
	default:
		out.End, out.NotModelled = emu.EndUnknown, r.Text
	}
}
