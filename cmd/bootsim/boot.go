package main

import (
	"fmt"

	"github.com/spf13/pflag"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/bootsim/check"
	"github.com/bootsim/bootsim/emu"
)

const bootAbout = `Prints what the serial console shows, from the ROM's banner to the jump into the
application, or through the reset loop, cut after --rounds resets. Times are not
modelled: "(*)" stands for the milliseconds.`

type bootFlags struct {
	deviceFlags
	args   []string
	lot    string
	rounds int
}

func (f *bootFlags) register(fs *pflag.FlagSet) {
	fs.StringVar(&f.lot, "lot", "", "boot this lot only")
	fs.IntVar(&f.rounds, "rounds", 3, "follow at most this many resets")
	fs.StringArrayVar(&f.args, "flash-args", nil, "`\"0x1000 a.bin 0x8000 b.bin\"`: addresses and files, as esptool takes them")
	fs.Uint64Var(&f.engine.appSteps, "app-steps", 0, "with --engine exec: execute `N` instructions of the application and tell what became of it")
	f.deviceFlags.register(fs)
}

func (a *app) boot(args []string) error {
	var f bootFlags
	fs := pflag.NewFlagSet("boot [PATH...]", pflag.ContinueOnError)
	f.register(fs)
	if more, err := a.parse(fs, args, bootAbout); !more {
		return err
	}
	if f.rounds < 1 || f.rounds > 1000 {
		return usagef("--rounds %d: want 1 to 1000", f.rounds)
	}
	src, err := a.load(fs.Args(), f.args, &f.deviceFlags)
	if err != nil {
		return err
	}
	lots, err := pick(src.lots, f.lot)
	if err != nil {
		return err
	}
	failed := false
	for i := range lots {
		ok, err := a.bootLot(&lots[i], len(lots) > 1, &f)
		if err != nil {
			return err
		}
		failed = failed || !ok
	}
	if failed {
		return errFindings
	}
	return nil
}

func pick(lots []bootsim.Lot, name string) ([]bootsim.Lot, error) {
	if name == "" {
		return lots, nil
	}
	for _, l := range lots {
		if l.Name == name {
			return []bootsim.Lot{l}, nil
		}
	}
	return nil, usagef("--lot %s: there is no such lot", name)
}

// bootLot prints one lot's console and tells whether an application started.
func (a *app) bootLot(lot *bootsim.Lot, titled bool, f *bootFlags) (bool, error) {
	factory, err := check.Build(lot)
	if err != nil {
		return false, err
	}
	engine, err := f.engine.engine(a.appStory)
	if err != nil {
		return false, err
	}
	variants, assumed, err := engine.Variants(lot, factory.Device, false)
	if err != nil {
		return false, err
	}
	if titled {
		fmt.Fprintf(a.stdout, "--- lot %s ---\n", lot.Name)
	}
	for _, s := range append(factory.Assumed, assumed...) {
		fmt.Fprintln(a.stderr, "assumed: "+s)
	}
	out := a.console(variants[0].Booter, factory.Device.Fork(), f.rounds)
	return out.End == emu.EndApp, nil
}

// console boots until an application starts, the device stands still, or the
// rounds are over.
func (a *app) console(b emu.Booter, d *emu.Device, rounds int) emu.Outcome {
	for round := 1; ; round++ {
		out := b.Boot(d)
		for _, l := range out.Log {
			fmt.Fprintln(a.stdout, l.String())
		}
		for _, s := range out.Disagreements {
			fmt.Fprintln(a.stderr, "the engines disagree: "+s)
		}
		if out.Unwitnessed != "" {
			fmt.Fprintln(a.stderr, "the model has no opinion: "+out.Unwitnessed)
		}
		switch {
		case out.End == emu.EndUnknown:
			fmt.Fprintf(a.stderr, "not modelled: %s\n", out.NotModelled)
			return out
		case out.End != emu.EndReset:
			return out
		case round == rounds:
			fmt.Fprintf(a.stderr, "cut after %d rounds of resets; --rounds sets how many\n", rounds)
			return out
		}
		d.Cause = out.NextCause
	}
}
