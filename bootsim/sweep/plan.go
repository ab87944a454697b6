package sweep

import (
	"fmt"

	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/ota"
	"github.com/bootsim/bootsim/emu/update"
	"github.com/bootsim/bootsim/flashmodel/espimage"
	"github.com/bootsim/bootsim/flashmodel/parttable"
)

// Plan is what a scenario is made from.
type Plan struct {
	Device      *emu.Device // as the factory left it
	Booter      emu.Booter
	Bootloader  string // what tells Booter from others, for tokens
	TableOffset uint32
	Rollback    bool // the bootloader keeps an application only once it confirmed itself
	Updater     update.Updater
	Kind        update.Kind
	Options     update.Options
	Offer       update.Offer
	Library     *Library // of applications; nil knows none yet
}

// PlanError tells why a device cannot be updated in a way.
type PlanError struct{ Reason string }

// Error gives the reason.
func (e *PlanError) Error() string { return e.Reason }

// Prepare puts the device into the field: it boots until it rests, unless the
// kind begins with its first boot. Applications that lie on it then are the old
// ones, those of the offer the new ones. The error is a *PlanError.
func Prepare(p Plan) (*Scenario, error) {
	sc := &Scenario{Device: p.Device.Fork(), Booter: p.Booter, Bootloader: p.Bootloader, Updater: p.Updater, Offer: p.Offer,
		TableOffset: p.TableOffset, Rollback: p.Rollback, Goal: New}
	if p.Kind.Back {
		sc.Goal = Old
	}
	running := emu.SlotNone
	if !p.Kind.Fresh {
		var err error
		if running, err = sc.settle(p.Options); err != nil {
			return nil, err
		}
	}
	table, err := ota.Table(sc.Device, p.TableOffset)
	if err != nil {
		return nil, &PlanError{Reason: fmt.Sprintf("the device's partition table cannot be read: %v", err)}
	}
	sc.Parts = table.Entries
	if n := table.ConsecutiveOTA(); n < p.Kind.Slots {
		return nil, &PlanError{Reason: fmt.Sprintf("%s needs %d OTA slots, the table has %d: choose another updater", p.Kind.Name, p.Kind.Slots, n)}
	}
	if p.Library == nil {
		p.Library = new(Library)
	}
	sc.images(p.Library, table, running, p.Kind.ToFactory)
	return sc, nil
}

// settle lets the device boot in peace, and returns the slot that runs then.
func (sc *Scenario) settle(o update.Options) (int, error) {
	calm := *sc
	calm.Updater = update.Idle(o)
	r := newRunner(&calm)
	l := r.run(r.begin(), nil, false)
	if l.end != endRest {
		return emu.SlotNone, &PlanError{Reason: "the device does not boot before the update (" + r.bootLine(l.last()) + "): run `bootsim check` first"}
	}
	sc.Device = l.final
	sc.Device.Cause = emu.ResetPowerOn
	return l.last().outcome.App.Slot, nil
}

// images collects the applications that may run. Beside the one that runs the
// factory application counts as old; what else lies in slots was given up long
// ago and has to stay so.
func (sc *Scenario) images(l *Library, table *parttable.Table, running int, toFactory bool) {
	for _, f := range sc.Offer.Files {
		sc.add(sc.offered(l, f, table))
	}
	for _, p := range table.Apps() {
		if im, ok := sc.imageAt(l, p); ok {
			im.Role = roleOf(p, running, toFactory)
			sc.add(im)
		}
	}
	for i := range sc.Images {
		if im := &sc.Images[i]; im.Name == "" {
			im.Name = im.Version
		}
	}
}

// imageAt reads the application in a partition, if there is one.
func (sc *Scenario) imageAt(l *Library, p parttable.Entry) (im Image, ok bool) {
	cached := sc.Device.Cached()
	n, err := espimage.LengthOf(func(at uint32, b []byte) { cached.Read(p.Offset+at, b) }, min(p.Size, cached.Size()))
	if err != nil {
		return im, false
	}
	return l.placed(sumsOf(sc.Booter), sc.Device, p, n), true
}

// roleOf is what an application in a partition is to the update.
func roleOf(p parttable.Entry, running int, toFactory bool) Role {
	switch isFactory := p.Is(parttable.TypeApp, parttable.SubtypeFactory); {
	case isFactory && toFactory:
		return New
	case p.IsOTA() && running != emu.SlotNone && int(p.Subtype-parttable.SubtypeOTA0) != running:
		return Other
	}
	return Old
}

// offered is a file of the offer as the cache will show it.
func (sc *Scenario) offered(l *Library, f update.File, table *parttable.Table) Image {
	im := Image{}
	if p, ok := table.Find(f.Slot); ok && f.Encrypted {
		im = l.file(f, sc.Device.Cipher(), p.Offset)
	} else {
		im = l.file(f, nil, 0)
	}
	im.Role = New
	return im
}

// add takes an image in unless it is there.
func (sc *Scenario) add(im Image) {
	for i := range sc.Images {
		if have := &sc.Images[i]; string(have.Plain) == string(im.Plain) {
			if have.Role == Other {
				have.Role = im.Role
			}
			return
		}
	}
	sc.Images = append(sc.Images, im)
}
