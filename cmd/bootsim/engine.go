package main

import (
	"fmt"
	"strings"

	"github.com/spf13/pflag"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/bootsim/check"
	"github.com/bootsim/bootsim/bootsim/execute"
	"github.com/bootsim/bootsim/bootsim/fuzz"
	"github.com/bootsim/bootsim/emu/esp32"
)

// engineFlags choose what boots a device.
type engineFlags struct {
	name     string
	appSteps uint64
}

func (f *engineFlags) register(fs *pflag.FlagSet) {
	fs.StringVar(&f.name, "engine", execute.Model, "what boots: `ENGINE` "+strings.Join(execute.Names(), ", ")+
		" (the model of ESP-IDF's bootloader, the lot's own bootloader executed, or both, compared)")
}

// engine makes the engine. story is told how a run ended; nil is silent.
func (f *engineFlags) engine(story func(*esp32.Machine, *esp32.Result)) (check.Engine, error) {
	if f.appSteps > 0 && f.name == execute.Model {
		return nil, usagef("--app-steps: the model ends with the jump; use --engine exec")
	}
	e, err := execute.For(f.name, execute.Options{Machine: esp32.Options{AppSteps: f.appSteps}, Observe: story})
	if err != nil {
		return nil, usagef("--engine: %v", err)
	}
	return e, nil
}

// settle finds out by execution what the model has to be told.
func (f *engineFlags) settle(lots []bootsim.Lot) error {
	if f.name != execute.Both {
		return nil
	}
	for i := range lots {
		if err := execute.Settle(&lots[i]); err != nil {
			return err
		}
	}
	return nil
}

// witness has boots that are fuzzed executed as well. Mutations are judged by what
// the model does, so that there is nothing to execute without it.
func (f *engineFlags) witness(subjects []*fuzz.Subject) error {
	switch f.name {
	case execute.Model:
	case execute.Both:
		for _, s := range subjects {
			s.Execute(execute.Witness{})
		}
	default:
		return usagef("--engine %s: fuzz takes %s or %s", f.name, execute.Model, execute.Both)
	}
	return nil
}

// appStory tells what became of the application after the jump.
func (a *app) appStory(_ *esp32.Machine, r *esp32.Result) {
	if r == nil || r.App == nil {
		return
	}
	fmt.Fprintf(a.stderr, "application: %s\n", r.App.Story())
}

// listEngine prints what the executing engine models, in Markdown.
func (a *app) listEngine(args []string) error {
	fs := pflag.NewFlagSet("engine", pflag.ContinueOnError)
	more, err := a.parse(fs, args, "Lists, in Markdown, the instructions, registers and ROM functions that --engine exec\nmodels, stubs and leaves out.")
	if !more {
		return err
	}
	if fs.NArg() > 0 {
		return usagef("engine: takes no arguments")
	}
	fmt.Fprint(a.stdout, execute.Document())
	return nil
}
