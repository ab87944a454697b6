// Package lots makes scenarios to sweep of lots and releases: it puts the lot's
// device into the field, and prepares the new application as the updater wants
// it, as plaintext or as ciphertext for each slot.
package lots

import (
	"fmt"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/bootsim/check"
	"github.com/bootsim/bootsim/bootsim/sweep"
	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/idf"
	"github.com/bootsim/bootsim/emu/ota"
	"github.com/bootsim/bootsim/emu/update"
	"github.com/bootsim/bootsim/flashmodel/espimage"
	"github.com/bootsim/bootsim/flashmodel/parttable"
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
			b := &builder{lot: lot, device: factory.Device, variant: v, request: q, release: r, assumed: assumed}
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

// builder makes one scenario.
type builder struct {
	lot     *bootsim.Lot
	device  *emu.Device
	variant check.Variant
	request Request
	release bootsim.Release
	assumed []string
	table   *parttable.Table
}

func (b *builder) assume(format string, args ...any) {
	b.assumed = append(append([]string(nil), b.assumed...), fmt.Sprintf(format, args...))
}

func (b *builder) prepare() (Prepared, error) {
	version, err := idf.Parse(b.variant.IDF)
	if err != nil {
		return Prepared{}, err
	}
	u, kind, opt, err := update.Named(b.request.Spec, version)
	if err != nil {
		return Prepared{}, err
	}
	opt.Rollback = opt.Rollback || b.variant.Rollback
	spec := opt.Spec(kind.Name)
	if u, kind, opt, err = update.Named(spec, version); err != nil {
		return Prepared{}, err
	}
	if b.request.Recorded != nil {
		u = b.request.Recorded
	}
	offer, err := b.offer(kind)
	if err != nil {
		return Prepared{}, err
	}
	sc, err := sweep.Prepare(sweep.Plan{Device: b.device, Booter: b.variant.Booter, TableOffset: check.TableOffset(b.lot),
		Rollback: b.variant.Rollback, Updater: u, Kind: kind, Options: opt, Offer: offer})
	if err != nil {
		return Prepared{}, err
	}
	return Prepared{Lot: b.lot.Name, Release: b.release.Name, DependsOn: b.variant.DependsOn, Scenario: sc, Spec: spec, Assumed: b.assumed}, nil
}

// offer is what the updater is to install.
func (b *builder) offer(kind update.Kind) (o update.Offer, err error) {
	if b.table, err = ota.Table(b.device, check.TableOffset(b.lot)); err != nil {
		// A device that encrypts itself shows its table before that; any other has none.
		return o, &sweep.PlanError{Reason: fmt.Sprintf("the device's partition table cannot be read: %v", err)}
	}
	switch {
	case kind.Name == "replace-table":
		o.Table, err = b.otherTable()
		return o, err
	case kind.Name == "replace-bootloader":
		o.Bootloader, err = b.otherBootloader()
		return o, err
	case !kind.Brings:
		return o, nil
	}
	for _, a := range b.artifacts() {
		o.Files = append(o.Files, b.files(a, kind.Raw)...)
	}
	if len(o.Files) == 0 {
		return o, &sweep.PlanError{Reason: "there is no new application: name one with --new FILE or in a release"}
	}
	return o, nil
}

// artifacts are the release's, or the file given, or the old application with a
// byte changed.
func (b *builder) artifacts() []bootsim.Artifact {
	switch {
	case b.request.New != nil:
		return []bootsim.Artifact{{File: b.request.NewName, Data: b.request.New,
			Encrypted: b.device.Cipher() != nil && b.request.New[0] != espimage.Magic}}
	case len(b.release.Artifacts) > 0:
		return b.release.Artifacts
	}
	if data, from, ok := b.successor(); ok {
		b.assume("the new application is the one in %s with one byte changed (--new states another)", from)
		return []bootsim.Artifact{{Data: data}}
	}
	return nil
}
