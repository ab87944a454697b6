// Package execute is the engines that run a lot's own bootloader binary: alone,
// or beside the model as a second witness.
package execute

import (
	"fmt"
	"strings"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/bootsim/check"
	"github.com/bootsim/bootsim/bootsim/model"
	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/engine"
	"github.com/bootsim/bootsim/emu/esp32"
	"github.com/bootsim/bootsim/emu/recall"
)

// Names of the engines, as --engine takes them.
const (
	Model = "model"
	Exec  = "exec"
	Both  = "both"
)

// Names returns the names of all engines.
func Names() []string { return []string{Model, Exec, Both} }

// Options are what an execution needs to know.
type Options struct {
	Machine esp32.Options
	// Observe is told of every machine before and after its run; nil is silent.
	Observe func(*esp32.Machine, *esp32.Result)
}

// For returns the engine of a name. The model does not look at the options.
func For(name string, o Options) (check.Engine, error) {
	switch name {
	case Model:
		return model.Engine{Contents: new(recall.Contents)}, nil
	case Exec, Both:
		return executing{options: o, both: name == Both}, nil
	}
	return nil, fmt.Errorf("there is no engine %q: use %s", name, strings.Join(Names(), ", "))
}

// executing implements check.Engine.
type executing struct {
	options Options
	both    bool
}

// FieldedError tells that there is no binary to execute.
type FieldedError struct{ Lot string }

// Error says what to do.
func (e *FieldedError) Error() string {
	return fmt.Sprintf("lot %s: there is no bootloader image to execute: its devices have one in the field; check it with --engine model", e.Lot)
}

// Variants returns one variant: a binary has every option settled. Whether it
// asks for confirmation of updates is found out by booting it.
func (e executing) Variants(lot *bootsim.Lot, d *emu.Device, updates bool) ([]check.Variant, []string, error) {
	if lot.Bootloader.Fielded {
		return nil, nil, &FieldedError{lot.Name}
	}
	modelled, assumed, err := model.Engine{}.Variants(lot, d, updates)
	if err != nil {
		return nil, nil, err
	}
	probe := &engine.Engine{Options: esp32.Options{Budget: e.options.Machine.Budget}}
	run := &engine.Engine{Options: e.options.Machine, Observe: e.options.Observe}
	v := modelled[0]
	if len(modelled) > 1 && confirms(probe, d, check.TableOffset(lot)) {
		v = modelled[len(modelled)-1]
	}
	v.DependsOn = ""
	if e.both {
		v.Booter = &pair{model: v.Booter, exec: executionBy(run)}
	} else {
		v.Booter, assumed = run, nil
	}
	return []check.Variant{v}, assumed, nil
}
