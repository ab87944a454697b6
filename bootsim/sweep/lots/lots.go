// Package lots makes scenarios to sweep of lots and releases: it puts the lot's
// device into the field, and prepares the new application as the updater wants
// it, as plaintext or as ciphertext for each slot.
package lots

import (
	"fmt"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/bootsim/check"
	"github.com/bootsim/bootsim/bootsim/sweep"
	"github.com/bootsim/bootsim/emu/idf"
	"github.com/bootsim/bootsim/emu/update"
)

// Request is what is to be swept.
type Request struct {
	Spec     string // of the updater, as update.Named takes it
	New      []byte // the new application, instead of the release's; nil without
	NewName  string
	Releases []bootsim.Release
	// Recorded is an updater that was recorded; it takes the place of Spec's.
	Recorded update.Updater
}

// Prepared is a scenario with its origin.
type Prepared struct {
	Lot       string
	Release   string
	DependsOn string // build option that the bootloader does not betray
	Scenario  *sweep.Scenario
	Spec      string // complete, for tokens
	Assumed   []string
}

// Prepare returns the scenarios of a lot: one for each release that concerns
// it, and each build of its bootloader that cannot be told apart. Errors are
// *sweep.PlanError, *update.NameError, and those of building the device.
func Prepare(lot *bootsim.Lot, engine check.Engine, q Request) ([]Prepared, error) {
	factory, err := check.Build(lot)
	if err != nil {
		return nil, err
	}
	variants, assumed, err := engine.Variants(lot, factory.Device, true)
	if err != nil {
		return nil, err
	}
	assumed = append(append([]string(nil), factory.Assumed...), assumed...)
	releases := concerning(q, lot.Name)
	var out []Prepared
	for _, v := range variants {
		if needsRollback(q.Spec) && !v.Rollback {
			continue
		}
		for _, r := range releases {
			b := &builder{lot: lot, device: factory.Device, offset: factory.TableOffset, variant: v, request: q, release: r, assumed: assumed}
			p, err := b.prepare()
			if err != nil {
				return nil, fmt.Errorf("lot %s: %w", lot.Name, err)
			}
			out = append(out, p)
		}
	}
	if len(out) == 0 {
		return nil, &sweep.PlanError{Reason: "lot " + lot.Name + ": " + q.Spec +
			" needs a bootloader with CONFIG_BOOTLOADER_APP_ROLLBACK_ENABLE (--rollback on states that it has it)"}
	}
	return out, nil
}

// needsRollback tells whether an updater makes no sense without rollback.
func needsRollback(spec string) bool {
	_, kind, _, err := update.Named(spec, idf.Version{})
	return err == nil && kind.RollsBack
}

// concerning lists the releases for a lot; one without artifacts where the
// application is given otherwise.
func concerning(q Request, lot string) []bootsim.Release {
	var out []bootsim.Release
	if q.New == nil {
		for _, r := range q.Releases {
			r.Artifacts = forLot(r.Artifacts, lot)
			if len(r.Artifacts) > 0 {
				out = append(out, r)
			}
		}
	}
	if len(out) == 0 {
		out = []bootsim.Release{{}}
	}
	return out
}

func forLot(all []bootsim.Artifact, lot string) (out []bootsim.Artifact) {
	for _, a := range all {
		if len(a.Lots) == 0 {
			out = append(out, a)
		}
		for _, name := range a.Lots {
			if name == lot {
				out = append(out, a)
			}
		}
	}
	return out
}
