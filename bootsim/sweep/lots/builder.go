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

// builder makes one scenario.
type builder struct {
	lot     *bootsim.Lot
	device  *emu.Device
	variant check.Variant
	request Request
	release bootsim.Release
	assumed []string
	table   *parttable.Table
	offset  uint32         // of the table
	library *sweep.Library // nil: what it knows is not kept
}

func (b *builder) assume(format string, args ...any) {
	b.assumed = append(append([]string(nil), b.assumed...), fmt.Sprintf(format, args...))
}

func (b *builder) prepare() (Prepared, error) {
	version, err := idf.Parse(b.variant.IDF)
	if err != nil {
		return Prepared{}, err
	}
	_, kind, opt, err := update.Named(b.request.Spec, version)
	if err != nil {
		return Prepared{}, err
	}
	opt.Rollback = opt.Rollback || b.variant.Rollback
	spec := opt.Spec(kind.Name)
	u, _, _, err := update.Named(spec, version)
	if err != nil {
		return Prepared{}, err
	}
	if b.request.Recorded != nil {
		u = b.request.Recorded
	}
	offer, err := b.offer(kind)
	if err != nil {
		return Prepared{}, err
	}
	sc, err := sweep.Prepare(sweep.Plan{Device: b.device, Booter: b.variant.Booter, Bootloader: b.bootloader(), TableOffset: b.offset,
		Rollback: b.variant.Rollback, Updater: u, Kind: kind, Options: opt, Offer: offer, Library: b.library})
	if err != nil {
		return Prepared{}, err
	}
	return Prepared{Lot: b.lot.Name, Release: b.release.Name, DependsOn: b.variant.DependsOn, Scenario: sc, Spec: spec, Assumed: b.assumed}, nil
}

// offer is what the updater is to install.
func (b *builder) offer(kind update.Kind) (o update.Offer, err error) {
	if b.table, err = ota.Table(b.device, b.offset); err != nil {
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
		return o, &sweep.PlanError{Reason: "there is no new application: name one, signed where Secure Boot is on, with --new FILE or in a release"}
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
	if e := b.device.Efuses; e.AbsDone0() || e.AbsDone1() {
		return nil // a changed application would need a new signature
	}
	if data, from, ok := b.successor(); ok {
		b.assume("the new application is the one in %s with one byte changed (--new states another)", from)
		return []bootsim.Artifact{{Data: data}}
	}
	return nil
}

// bootloader tells the bootloader's behaviour from that of others.
func (b *builder) bootloader() string {
	o := b.lot.Bootloader
	return fmt.Sprintf("%s %t %q %q %t", b.variant.IDF, b.variant.Rollback, b.variant.DependsOn, o.LogLevel, o.AntiRollback != nil && *o.AntiRollback)
}
