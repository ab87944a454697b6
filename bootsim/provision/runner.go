package provision

import (
	"crypto/sha256"
	"slices"
	"strings"

	"github.com/spf13/afero"

	"github.com/bootsim/bootsim/bootsim/check"
	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/flashmodel"
)

// runner carries out steps. What a step does to a state is done once: the same
// step on the same state is remembered.
type runner struct {
	plan    *Plan
	engine  check.Engine
	shelf   *shelf
	first   *state
	memo    map[memoKey]outcome
	boots   map[digest]booted
	booters map[digest]emu.Booter

	held     int64 // bytes that the remembered outcomes stand for
	worked   int64 // bytes that all steps have read and written
	assumed  []string
	insisted bool // a step went through by its tool's option for that alone
}

type memoKey struct {
	state digest
	step  int
}

// outcome is a state after a step, and what the step did.
type outcome struct {
	state *state
	result
}

// result is what one step did.
type result struct {
	failed  bool
	message string // why it failed, in the tool's words
	missing []string
	absence string          // why the first of these cannot be read
	ops     []flashmodel.Op // on the device, in their order
	toolOps int             // of these, how many came before the device booted
	boot    *booted         // how the device booted at the step's end; nil: it did not
	instead string          // the key file that was taken for one that is missing
	notes   []string
	keys    []keyUse // that the step used
	bytes   int64    // that the step read and wrote, in files and flash
}

func newRunner(fs afero.Fs, plan *Plan, engine check.Engine) (*runner, error) {
	lot := plan.Device
	if lot.FlashSize == 0 {
		lot.FlashSize, lot.FlashSizeGiven = defaultSize, true
		lot.Assumed = append(append([]string(nil), lot.Assumed...), "flash chip of 4 MB (--flash-size states it)")
	}
	factory, err := check.Build(&lot)
	if err != nil {
		return nil, err
	}
	plan.Device = lot
	r := &runner{plan: plan, engine: engine, shelf: &shelf{fs: fs, plan: plan, cache: map[string]*content{}, kept: map[[sha256.Size]byte]*content{}},
		memo: map[memoKey]outcome{}, boots: map[digest]booted{}, booters: map[digest]emu.Booter{}, assumed: factory.Assumed}
	r.first = &state{device: factory.Device, files: map[string]*content{}}
	return r, nil
}

// defaultSize is the flash of most modules, in bytes.
const defaultSize = 4 << 20

// step carries out one step.
func (r *runner) step(s *state, i int) outcome {
	key := memoKey{s.digest(), i}
	if r.plan.Steps[i%forced].offDevice() {
		key.state = s.filesDigest()
	}
	if out, known := r.memo[key]; known {
		return out.onto(s, &r.plan.Steps[i%forced])
	}
	st := &r.plan.Steps[i%forced]
	if i >= forced {
		insisting := *st
		insisting.Args = append(slices.Clone(st.Args), forceOption(st.Tool))
		st = &insisting
	}
	out := r.carryOut(s, st, &flashmodel.Journal{})
	out.keys = out.state.keys[len(s.keys):]
	r.forget(out.bytes)
	r.memo[key] = out
	return out
}

// offDevice tells that a step has to do with files alone: whatever the device
// is like, the same files come of it. To make an RSA key takes its time.
func (st *Step) offDevice() bool {
	switch st.Tool {
	case "esptool", "espefuse", "parttool", "otatool":
		return false
	}
	return !st.Boot
}

// onto is the outcome of a step on files for a state whose device is another one.
func (o outcome) onto(s *state, st *Step) outcome {
	if !st.offDevice() {
		return o
	}
	next := *s
	next.files = o.state.files
	next.keys = append(slices.Clip(s.keys), o.keys...)
	o.state = &next
	return o
}

// maxHeld bounds what remembered states hold, in bytes that steps have read and
// written. Past it they are forgotten, and what is asked for again is done again.
const maxHeld = 256 << 20

// forget makes room for the outcome of a step.
func (r *runner) forget(bytes int64) {
	r.worked += bytes
	if r.held += bytes; r.held > maxHeld {
		clear(r.memo)
		clear(r.boots)
		clear(r.shelf.kept)
		r.held = bytes
	}
}

// forced, added to the index of a step, is that step with the option by which
// its tool does what it refuses for safety alone.
const forced = 1 << 20

func forceOption(tool string) string {
	if tool == "espefuse" {
		return "--force-write-always"
	}
	return "--force"
}

// insist carries out a step that the tool refuses for safety alone, as a person
// does who knows why. The tool's message tells that there is such an option. A key
// file that is there already is kept: nobody overwrites it to go on.
func (r *runner) insist(s *state, i int, out outcome) outcome {
	if tool := r.plan.Steps[i].Tool; tool != "espefuse" && tool != "esptool" {
		return out
	}
	if !strings.Contains(out.message, "force argument") && !strings.Contains(out.message, "--force-write-always") {
		return out
	}
	if again := r.step(s, i+forced); !again.failed {
		r.insisted = true
		return again
	}
	return out
}

// carryOut runs a step on a fork of the device, whose operations pass a journal.
func (r *runner) carryOut(s *state, st *Step, j *flashmodel.Journal) outcome {
	next := *s
	next.device = s.device.Fork()
	next.device.Attach(j)
	var res result
	if !st.Boot {
		res = r.command(&next, s, st)
	}
	res.toolOps = len(j.Ops())
	if !res.failed && (st.Boot || resets(st)) {
		b := r.bootWith(&next)
		res.boot = &b
	}
	res.ops = withoutData(j.Ops())
	for _, op := range res.ops {
		res.bytes += int64(op.Size)
	}
	next.device.Attach(nil)
	return outcome{&next, res}
}

// withoutData drops what operations wrote: where they did it is enough.
func withoutData(ops []flashmodel.Op) []flashmodel.Op {
	out := make([]flashmodel.Op, len(ops))
	for i, op := range ops {
		op.Data = nil
		out[i] = op
	}
	return out
}
