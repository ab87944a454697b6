package release

import (
	"fmt"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/bootsim/diagnose"
	"github.com/bootsim/bootsim/bootsim/release/bundle"
	"github.com/bootsim/bootsim/flashmodel/parttable"
)

// routes compares the index with where the lot's devices update to. Of one
// file alone only what leads to it is compared.
func (v *verifier) routes(name string) {
	f := v.subject.Folder
	if f == nil {
		return
	}
	for i := range f.Index.Lots {
		if l := &f.Index.Lots[i]; l.Name == name {
			v.keyNamed(l)
			v.updates(l)
		}
	}
}

func (v *verifier) updates(l *Lot) {
	known := map[uint32]bool{}
	for _, r := range v.unit.routes() {
		known[r.running.Offset] = true
		u := l.from(r.running.Offset)
		if v.subject.Only != "" && (u == nil || u.Artifact == nil || u.Artifact.Name != v.subject.Only) {
			continue
		}
		v.update(l, u, r)
	}
	for _, u := range l.Updates {
		if !known[u.Running.Address] && v.subject.Only == "" {
			v.misdescribed("lot %s has no app partition at 0x%08x that could run, and the index has an update from %q there", l.Name, u.Running.Address, u.Running.Label)
		}
	}
}

// bundled wants a bundle that serves a lot to have an image for every slot that
// its devices update to.
func (v *verifier) bundled(name string) {
	if v.subject.Bundle == nil {
		return
	}
	has := map[uint32]bool{}
	for _, e := range v.subject.Bundle.Entries {
		if e.Lot == bundle.LotID(name) {
			has[e.Address] = true
		}
	}
	for _, r := range v.unit.routes() {
		if r.target != nil && len(has) > 0 && !has[r.target.Offset] {
			v.nothingFor(r)
		}
	}
}

// nothingFor reports devices that stay without the update.
func (v *verifier) nothingFor(r route) {
	release := &bootsim.Release{Name: v.subject.File}
	if v.subject.Folder != nil {
		release.Name = v.subject.Folder.Index.Release
	}
	v.worsen(bootsim.Fail)
	v.find(diagnose.NoArtifact(v.context.Lot, release, r.running.Name(), *r.target))
}

// from returns the update for what runs at an address, or nil.
func (l *Lot) from(address uint32) *Update {
	for i := range l.Updates {
		if l.Updates[i].Running.Address == address {
			return &l.Updates[i]
		}
	}
	return nil
}

// update compares one entry of the index with one way of updating.
func (v *verifier) update(l *Lot, u *Update, r route) {
	switch {
	case u == nil || u.Artifact == nil && r.target != nil:
		if r.target != nil {
			v.nothingFor(r)
		}
	case u.Running != described(r.running):
		v.misdescribed("lot %s runs %s at 0x%08x, and the index describes it as %q with %d bytes", l.Name, r.running.Name(), r.running.Offset,
			u.Running.Label, u.Running.Size)
	case r.target == nil && u.Target != nil:
		v.misdescribed("the index has an update for devices of lot %s that run %s, which cannot update: %s", l.Name, r.running.Name(), r.reason)
	case r.target != nil && *u.Target != described(*r.target):
		v.misdescribed("devices of lot %s that run %s update to %s, and the index sends them to %s", l.Name, r.running.Name(),
			where(described(*r.target)), where(*u.Target))
	}
}

func described(e parttable.Entry) Partition { return Partition{e.Name(), e.Offset, e.Size} }

func where(p Partition) string {
	return fmt.Sprintf("%s at 0x%08x (0x%x bytes)", p.Label, p.Address, p.Size)
}

func (v *verifier) misdescribed(format string, args ...any) {
	v.worsen(bootsim.Fail)
	v.find(diagnose.Misdescribed(&v.context, v.subject.name(), format, args...))
}
