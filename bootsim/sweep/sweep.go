// Package sweep proves, or refutes, that an update cannot brick a device: it
// lets every fault of an alphabet strike every operation of the update, lets
// what then boots go on, lets faults strike that again, and holds what happens
// against invariants.
//
// One run without faults yields the journal of operations. The state after a
// fault follows from the operations before it and what the fault leaves of the
// one that it strikes; the updater is not run again to get there. From every
// such state the device boots and its applications do what they do, up to a
// fixpoint. States that agree on everything that such a course has read follow
// the same course, and are not run again.
package sweep

import (
	"errors"
	"fmt"

	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/fault"
	"github.com/bootsim/bootsim/emu/recall"
)

// Options are the alphabet and the bounds of a sweep.
type Options struct {
	Faults fault.Set // kinds; 0 for fault.Power
	Depth  int       // most faults in one history; 0 for 1
	Seed   uint64    // of everything that is sampled
	Runs   int       // most runs of the device; 0 for DefaultRuns
	Bound  int       // most boots that recovery may take; 0 for DefaultBound
	// Progress is told how many runs were made, now and then; nil is silent.
	Progress func(depth, runs int)
	// Spec is how the updater was asked for, for tokens.
	Spec string
	// Brief leaves out what the answers do not need and only reports show: the
	// update without a fault, windows and picture, the hash of the inputs, and of
	// counterexamples all but the history, which Tell tells.
	Brief bool
}

// Defaults of the bounds.
const (
	DefaultRuns  = 20000
	DefaultBound = 12
)

func (o *Options) runs() int {
	if o.Runs == 0 {
		return DefaultRuns
	}
	return o.Runs
}

func (o *Options) bound() int {
	if o.Bound == 0 {
		return DefaultBound
	}
	return o.Bound
}

// ErrNoFault is the error of a sweep in which no fault struck: it proves
// nothing.
var ErrNoFault = errors.New("no fault struck: the update does nothing that a fault of these kinds concerns; name other kinds with --faults, or check that there is something to update")

// Run sweeps a scenario. Depths are gone through one after the other, so that a
// counterexample has as few faults as possible. The error is ErrNoFault.
func Run(sc *Scenario, opt Options) (*Result, error) {
	return newExplorer(sc, opt).sweep()
}

func newExplorer(sc *Scenario, opt Options) *explorer {
	if opt.Faults == 0 {
		opt.Faults = fault.Power
	}
	opt.Depth = max(opt.Depth, 1)
	x := &explorer{opt: opt, memo: map[memoKey][]memoEntry{}, runner: newRunner(sc)}
	x.progress = opt.Progress
	return x
}

func (x *explorer) sweep() (*Result, error) {
	opt := &x.opt
	r := &Result{Updater: x.sc.Updater.Name(), Spec: opt.Spec, Faults: opt.Faults.String(), Seed: opt.Seed,
		Encrypted: x.sc.encrypted(), Bound: opt.bound(), Cap: opt.runs(), dangers: &dangers{}}
	if !opt.Brief {
		r.Inputs = fmt.Sprintf("%x", x.sc.Inputs())
	}
	x.dangers = r.dangers
	for x.depth = 1; x.depth <= opt.Depth; x.depth++ {
		before := x.lives
		sum := x.explore(x.begin(), x.depth)
		if sum == nil {
			r.Levels = append(r.Levels, Level{Depth: x.depth, Skipped: 1})
			break
		}
		r.Levels = append(r.Levels, x.level(x.depth, sum, before))
		r.take(x, sum)
	}
	return r, r.finish(x)
}

func newRunner(sc *Scenario) runner {
	r := runner{sc: sc}
	r.sums = sumsOf(sc.Booter)
	if sc.encrypted() {
		r.secrets.learn(sc.Images)
	}
	return r
}

// sumsOf are the checksums and hashes that a booter knows, nil for none.
func sumsOf(b emu.Booter) *recall.Sums {
	if m, ok := b.(interface{ Sums() *recall.Sums }); ok {
		return m.Sums()
	}
	return nil
}

// level counts one depth.
func (x *explorer) level(depth int, sum *summary, before int) Level {
	l := Level{Depth: depth, States: sum.states, Runs: x.lives - before, Boots: x.boots, Skipped: sum.skipped,
		Sampled: sum.sampled, Unknown: sum.unknown, MostBoots: sum.boots, Print: fmt.Sprintf("%016x", sum.print)}
	for _, k := range x.opt.Faults.Kinds() {
		l.Fired = append(l.Fired, Fired{Kind: k.String(), Count: sum.fired[k]})
	}
	return l
}
