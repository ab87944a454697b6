package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/bootsim/report"
	"github.com/bootsim/bootsim/bootsim/sweep"
	sweepreport "github.com/bootsim/bootsim/bootsim/sweep/report"
	"github.com/bootsim/bootsim/emu/fault"
	"github.com/bootsim/bootsim/emu/update"
)

const sweepAbout = `Lets faults strike every operation of an update, and what boots after that, and tells
for every invariant whether it holds: a proof over the faults named, or the shortest
history that breaks it, with a line that replays it.

PATH is what check takes. The new application comes from a release of bootsim.yaml or
from --new; without either it is the old one with a byte changed.

Updaters (--updater NAME[,OPTION...], options rollback, anti-rollback, sequential, shy,
idf=VERSION of the applications):
`

type sweepFlags struct {
	deviceFlags
	updateFlags
	faults  string
	depth   int
	seed    uint64
	runs    int
	bound   int
	format  string
	outputs []string
	svg     string
	quiet   bool
}

func (f *sweepFlags) register(fs *pflag.FlagSet) {
	fs.StringVar(&f.updater, "updater", "esp-ota", "`NAME` of the way of updating, with options")
	fs.StringVar(&f.faults, "faults", "power", "`KINDS` of fault: "+fault.All.String()+"; power for the first five, or all")
	fs.IntVar(&f.depth, "depth", 1, "most faults in one history")
	fs.Uint64Var(&f.seed, "seed", 0, "of everything that is sampled")
	fs.IntVar(&f.runs, "runs", sweep.DefaultRuns, "most runs of the device; what that leaves out is reported")
	fs.IntVar(&f.bound, "bound", sweep.DefaultBound, "most boots that recovery may take")
	fs.StringVar(&f.format, "format", "text", "report `FORMAT` on standard output: "+strings.Join(report.Formats(), ", "))
	fs.StringArrayVar(&f.outputs, "output", nil, "write a report as `FORMAT=FILE`; may be given several times")
	fs.StringVar(&f.svg, "svg", "", "draw the flash over the update, dangerous points marked, into `FILE`")
	fs.BoolVarP(&f.quiet, "quiet", "q", false, "print nothing on standard output; the exit code tells")
	f.updateFlags.register(fs)
	f.deviceFlags.register(fs)
}

// limits checks numbers.
func (f *sweepFlags) limits() error {
	switch {
	case f.depth < 1 || f.depth > 4:
		return usagef("--depth %d: want 1 to 4", f.depth)
	case f.runs < 1:
		return usagef("--runs %d: want at least 1", f.runs)
	case f.bound < 1 || f.bound > 24:
		return usagef("--bound %d: want 1 to 24", f.bound)
	}
	return nil
}

func (a *app) sweep(args []string) error {
	var f sweepFlags
	fs := pflag.NewFlagSet("sweep [PATH...]", pflag.ContinueOnError)
	f.register(fs)
	about := sweepAbout
	for _, k := range update.Kinds() {
		about += fmt.Sprintf("\n  %-20s %s", k.Name, k.About)
	}
	if more, err := a.parse(fs, args, about); !more {
		return err
	}
	if err := f.limits(); err != nil {
		return err
	}
	kinds, err := fault.Parse(f.faults)
	if err != nil {
		return usagef("--faults: %v", err)
	}
	writers, err := a.sweepWriters(&f, replayArgs(fs, sweepOnly[:]...))
	if err != nil {
		return err
	}
	prepared, inputs, err := a.scenarios(fs.Args(), &f.updateFlags, &f.deviceFlags)
	if err != nil {
		return err
	}
	line := a.progressLine(f.quiet)
	defer line.clear()
	var cases []sweepreport.Case
	for _, p := range prepared {
		opt := sweep.Options{Faults: kinds, Depth: f.depth, Seed: f.seed, Runs: f.runs, Bound: f.bound, Spec: p.Spec, Progress: line.sweeping(p.Lot)}
		r, err := sweep.Run(p.Scenario, opt)
		if err != nil {
			return usagef("lot %s: %v", p.Lot, err)
		}
		cases = append(cases, sweepreport.Case{Lot: p.Lot, Release: p.Release, DependsOn: p.DependsOn, Assumed: append([]string{}, p.Assumed...), Result: r})
	}
	line.clear()
	return a.sweepReport(&f, writers, sweepreport.New("bootsim "+buildVersion(), cases), inputs)
}

// sweepOnly are options that a token stands for, or that concern the report.
var sweepOnly = [...]string{"updater", "faults", "depth", "seed", "runs", "bound", "format", "output", "svg", "quiet"}

// replayArgs is what follows a token on the command line that replays it: the
// images, and whatever else was said of the device and the release. own are
// options of the command that replay does not want.
func replayArgs(fs *pflag.FlagSet, own ...string) string {
	var words []string
	for _, path := range fs.Args() {
		words = append(words, quoted(path))
	}
	fs.Visit(func(f *pflag.Flag) {
		if slices.Contains(own, f.Name) {
			return
		}
		values := []string{f.Value.String()}
		if list, ok := f.Value.(pflag.SliceValue); ok {
			values = list.GetSlice()
		}
		for _, v := range values {
			words = append(words, "--"+f.Name, quoted(v))
		}
	})
	return strings.Join(words, " ")
}

// quoted is a word as a shell takes it.
func quoted(word string) string {
	if word != "" && !strings.ContainsAny(word, " \t\n'\"\\$`&|;<>()*?[]{}#~!") {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}

// sweepOutcome is what the exit code says.
func sweepOutcome(r *sweepreport.Report) error {
	if r.Verdict != bootsim.Pass {
		return errFindings
	}
	return nil
}
