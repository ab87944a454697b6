package release

import (
	"fmt"
	"slices"
	"strings"

	"github.com/bootsim/bootsim/bootsim/release/bundle"
)

// claim is what a release says of one image: that this lot's devices can start
// it from this slot.
type claim struct {
	lot       string
	label     string
	address   uint32
	running   []string // partitions from which devices update so; nil: not said
	file      string   // for messages
	data      []byte
	damage    string // why data are not what the release means; empty if they are
	encrypted bool
	version   string
	// Of a bundle's entry: what the image was encrypted for.
	key    string
	config *uint8
}

// String names the claim in reports.
func (c *claim) String() string {
	s := fmt.Sprintf("%s for %s at 0x%08x", c.file, c.label, c.address)
	if len(c.running) > 0 {
		s += " while " + strings.Join(c.running, " or ") + " runs"
	}
	return s
}

// claims lists what an index says of a lot, each file and target once.
func (f *Folder) claims(l *Lot) []*claim {
	var out []*claim
	for _, u := range l.Updates {
		if u.Artifact == nil {
			continue
		}
		i := slices.IndexFunc(out, func(c *claim) bool {
			return c.file == f.Path(u.Artifact.Name) && c.label == u.Target.Label && c.address == u.Target.Address
		})
		if i < 0 {
			i = len(out)
			out = append(out, &claim{lot: l.Name, label: u.Target.Label, address: u.Target.Address, file: f.Path(u.Artifact.Name),
				data: f.Files[u.Artifact.Name], damage: f.problem(&u.Artifact.File), encrypted: u.Artifact.Encrypted, version: u.Artifact.Version})
		}
		out[i].running = append(out[i].running, u.Running.Label)
	}
	return out
}

// bundleClaims lists what a bundle says of a lot.
func bundleClaims(b *bundle.Bundle, file, lot string, id uint32) []*claim {
	var out []*claim
	for i := range b.Entries {
		e := &b.Entries[i]
		if e.Lot != id {
			continue
		}
		c := &claim{lot: lot, label: e.Label, address: e.Address, file: file, data: e.Data, encrypted: e.Encrypted, version: e.Version}
		if e.Encrypted {
			c.key, c.config = fmt.Sprintf("%08x", e.Key), &e.Config
		}
		out = append(out, c)
	}
	return out
}
