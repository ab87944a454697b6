package main

import (
	"fmt"
	"strings"

	"github.com/spf13/pflag"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/bootsim/model"
	"github.com/bootsim/bootsim/bootsim/provision"
	"github.com/bootsim/bootsim/bootsim/provision/planfile"
)

const provisionAbout = `Runs the procedure of a production line on a fresh simulated device and shows the
device after each step. With --check it judges the procedure: what the device boots
in the end, whether a power cut at any point loses it, what other orders of the steps
come to, and what its eFuses leave open.

PLAN is YAML (see docs/provision.md), or a text with command lines of esptool,
espefuse and espsecure: a shell script, or a page on which they stand among prose.`

type provisionFlags struct {
	checkFlags
	check  bool
	passed bool
	mode   string
	boots  string
	files  []string
	images []string
	seed   string
}

func (f *provisionFlags) register(fs *pflag.FlagSet) {
	fs.BoolVar(&f.check, "check", false, "judge the plan instead of showing its steps")
	fs.BoolVar(&f.passed, "passed", false, "list the lines of the plan that are no commands")
	fs.StringVar(&f.mode, "mode", "", "what the devices are for: development or release (of the plan, or development, unless given)")
	fs.StringVar(&f.boots, "boots", "", "`LABEL` of the partition that boots after the last step (what the content means unless given)")
	fs.StringArrayVar(&f.files, "file", nil, "`NAME=PATH`: where a file lies that the steps call NAME; may be given several times")
	fs.StringArrayVar(&f.images, "images", nil, "`DIR` in which files that are absent are looked for by their last name")
	fs.StringVar(&f.seed, "seed", "", "`TEXT` that the keys which the plan generates depend on")
	f.checkFlags.register(fs)
}

func (a *app) provision(args []string) error {
	var f provisionFlags
	fs := pflag.NewFlagSet("provision PLAN", pflag.ContinueOnError)
	f.register(fs)
	hide(fs, "flash-args", "key")
	if more, err := a.parse(fs, args, provisionAbout); !more {
		return err
	}
	switch {
	case fs.NArg() != 1:
		return usagef("provision takes one plan")
	case f.key != "" || len(f.args) > 0:
		return usagef("--key and --flash-args are not for plans: the steps tell which keys are burnt and what is flashed")
	}
	for _, n := range []string{"format", "output", "fail-on", "quiet"} {
		if fs.Changed(n) && !f.check {
			return usagef("--%s is for the verdict of --check", n)
		}
	}
	if !validSeverity(f.failOn) {
		return usagef("--fail-on %s: want error, warning or note", f.failOn)
	}
	writers, err := a.writers(&f.checkFlags)
	if err != nil {
		return err
	}
	plan, err := planfile.Load(a.fs, fs.Arg(0))
	if err != nil {
		return err
	}
	if err := f.complete(a, plan); err != nil {
		return err
	}
	if f.passed {
		a.showPassed(plan)
	}
	if f.check {
		return a.checkPlan(plan, &f, writers)
	}
	return a.runPlan(plan)
}

// hide takes options of check out of the help that mean nothing here.
func hide(fs *pflag.FlagSet, names ...string) {
	for _, n := range names {
		fs.Lookup(n).Hidden = true
	}
}

// complete puts what was said on the command line into the plan.
func (f *provisionFlags) complete(a *app, plan *provision.Plan) error {
	lots := []bootsim.Lot{plan.Device}
	if err := f.apply(a.fs, lots); err != nil {
		return err
	}
	plan.Device = lots[0]
	switch f.mode {
	case "":
	case string(provision.Development), string(provision.Release):
		plan.Mode = provision.Mode(f.mode)
	default:
		return usagef("--mode %s: want development or release", f.mode)
	}
	switch f.boots {
	case "":
	case "none":
		return usagef("--boots none: want the label of a partition; that nothing boots cannot be expected")
	default:
		plan.Device.Expect = &bootsim.Expectation{Slot: f.boots}
	}
	if f.seed != "" {
		plan.Seed = f.seed
	}
	plan.Images = append(plan.Images, f.images...)
	return f.addFiles(a, plan)
}

func (f *provisionFlags) addFiles(a *app, plan *provision.Plan) error {
	for _, pair := range f.files {
		name, place, ok := strings.Cut(pair, "=")
		if !ok || name == "" || place == "" {
			return usagef("--file %s: want NAME=PATH", pair)
		}
		if info, err := a.fs.Stat(place); err != nil || info.IsDir() {
			return usagef("--file %s: there is no file %s", pair, place)
		}
		plan.Given = append([]provision.Given{{Name: name, Place: place}}, plan.Given...)
	}
	return nil
}

func (a *app) showPassed(plan *provision.Plan) {
	for _, r := range plan.Passed {
		fmt.Fprintf(a.stderr, "passed over: line %d: %s (%s)\n", r.Line, r.Text, r.Why)
	}
}

func (a *app) checkPlan(plan *provision.Plan, f *provisionFlags, writers []target) error {
	r, tally, err := provision.Check(a.fs, plan, provision.Options{Engine: model.Engine{}, Tool: "bootsim " + buildVersion()})
	if err != nil {
		return err
	}
	inputs := &source{inputs: map[string]bool{}}
	inputs.read(plan.Inputs...)
	inputs.read(plan.Read...)
	if err := a.emit(writers, r, inputs.inputs); err != nil {
		return err
	}
	fmt.Fprintln(a.stderr, "note: "+tally.String())
	return outcome(r, bootsim.Severity(f.failOn))
}

func (a *app) runPlan(plan *provision.Plan) error {
	ok, err := provision.Run(a.stdout, a.fs, plan, provision.Options{Engine: model.Engine{}})
	if err != nil {
		return err
	}
	if !ok {
		return errFindings
	}
	return nil
}
