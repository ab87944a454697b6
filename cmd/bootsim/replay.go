package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/bootsim/bootsim/bootsim/fuzz"
	"github.com/bootsim/bootsim/bootsim/sweep"
	"github.com/bootsim/bootsim/bootsim/sweep/lots"
)

const replayAbout = `Replays a history of faults that a sweep has found, on the same images: what is done,
where each fault strikes, what flash then holds and what boots. TOKEN is the line of the
report; PATH, --new and the options of the device have to be those of the sweep, and are
checked against the token.

A token of a fuzz campaign, which begins with ` + fuzz.TokenPrefix + `, is replayed as by
` + "`bootsim fuzz replay`" + `, whose options are --json and --signing-key.`

type replayFlags struct {
	deviceFlags
	updateFlags
	console bool
}

func (a *app) replay(args []string) error {
	if slices.ContainsFunc(args, func(s string) bool { return strings.HasPrefix(s, fuzz.TokenPrefix) }) {
		return a.fuzzReplay(args)
	}
	var f replayFlags
	fs := pflag.NewFlagSet("replay TOKEN [PATH...]", pflag.ContinueOnError)
	fs.BoolVar(&f.console, "console", false, "show the console of the last run, every line")
	f.updateFlags.register(fs)
	f.deviceFlags.register(fs)
	if more, err := a.parse(fs, args, replayAbout); !more {
		return err
	}
	if fs.NArg() == 0 {
		return usagef("replay needs the token that a sweep or a fuzz campaign printed")
	}
	token, err := sweep.ParseToken(fs.Arg(0))
	if err != nil {
		return usagef("%v", err)
	}
	f.updater = token.Updater
	prepared, _, err := a.scenarios(fs.Args()[1:], &f.updateFlags, &f.deviceFlags)
	if err != nil {
		return err
	}
	p, err := matching(prepared, token)
	if err != nil {
		return err
	}
	told, err := sweep.TellWithin(p.Scenario, token.History, token.Seed, token.Bound)
	if err != nil {
		return usagef("%v", err)
	}
	a.tell(p, told, f.console)
	if len(told.Breaches) > 0 {
		return errFindings
	}
	return nil
}

// matching finds the scenario that a token was made from.
func matching(list []lots.Prepared, t sweep.Token) (*lots.Prepared, error) {
	for i := range list {
		if list[i].Scenario.Inputs() == t.Inputs && list[i].Spec == t.Updater {
			return &list[i], nil
		}
	}
	return nil, usagef("the token was made from other inputs (%x): give the images, the new application and the options of that sweep", t.Inputs)
}

// tell prints what happened.
func (a *app) tell(p *lots.Prepared, told *sweep.Told, console bool) {
	fmt.Fprintf(a.stdout, "lot %s: %s\n", p.Lot, p.Spec)
	for _, line := range told.Story {
		fmt.Fprintln(a.stdout, "  "+line)
	}
	for _, i := range told.Breaches {
		fmt.Fprintf(a.stdout, "violated: %s: %s\n", i, i.Title())
	}
	if len(told.Breaches) == 0 {
		fmt.Fprintln(a.stdout, "no invariant is violated")
	}
	if console {
		for _, line := range told.Console {
			fmt.Fprintln(a.stdout, line)
		}
	}
}
