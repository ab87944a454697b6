package sweep

import (
	"bytes"
	"sync"

	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/recall"
	"github.com/bootsim/bootsim/emu/update"
	"github.com/bootsim/bootsim/flashmodel"
	"github.com/bootsim/bootsim/flashmodel/espimage"
	"github.com/bootsim/bootsim/flashmodel/parttable"
)

// Role is what an application is to an update.
type Role uint8

// The roles.
const (
	Other Role = iota // neither: what should never run
	Old               // was on the device before the update
	New               // is what the update brings
)

// String names the role for reports.
func (r Role) String() string {
	return [...]string{"neither the old nor the new app", "the old app", "the new app"}[r]
}

// Image is an application that may run on the device.
type Image struct {
	Role    Role
	Name    string // for reports: version or file
	Plain   []byte // the whole image, as the cache shows it
	Secure  uint32 // secure_version of its descriptor, 0 without one
	Version string

	facts *facts // shared by all that have these bytes
}

// facts is what follows from the bytes of an image, worked out when it is asked for.
type facts struct {
	name    *content // nil: not known
	learned sync.Once
	pieces
}

// NewImage describes an application. Bytes after the image are cut off; data
// that is no image is taken whole.
func NewImage(role Role, name string, data []byte) Image {
	out := Image{Role: role, Name: name, Plain: data, facts: new(facts)}
	if n, err := espimage.LengthOf(func(at uint32, b []byte) { copy(b, data[at:]) }, uint32(len(data))); err == nil {
		out.Plain = data[:n]
	}
	if h, err := espimage.DecodeHeader(data); err != nil || h.Magic != espimage.Magic {
		return out
	}
	if app, ok := espimage.DecodeAppDesc(data); ok {
		out.Secure, out.Version = app.SecureVersion, app.Version
	}
	return out
}

// Scenario is one way of updating one device.
type Scenario struct {
	Device      *emu.Device // without power, before the update
	Booter      emu.Booter
	Bootloader  string // what tells Booter from others, for tokens
	Updater     update.Updater
	Offer       update.Offer
	TableOffset uint32
	Images      []Image // every application that may run
	Goal        Role    // what has to run in the end: New, or Old after a rollback
	Rollback    bool    // the bootloader keeps an application only once it confirmed itself
	Parts       []parttable.Entry
}

// encrypted tells whether flash encryption is on before the update.
func (sc *Scenario) encrypted() bool { return sc.Device.Cipher() != nil }

// identify tells which image lies at an address, as the cache shows it. Where a
// hash is known that tells, it looked at everything.
func (sc *Scenario) identify(d *emu.Device, sums *recall.Sums, at uint32) *Image {
	cached := d.Cached()
	for i := range sc.Images {
		im := &sc.Images[i]
		if im.named() && uint64(at)+uint64(len(im.Plain)) <= uint64(d.Flash.Size()) {
			if c, ok := contentOf(sums, d, at, uint32(len(im.Plain))); ok && c == *im.facts.name {
				d.Looked(at, uint32(len(im.Plain)))
				return im
			}
		}
		if holds(cached, at, im.Plain) {
			return im
		}
	}
	return nil
}

func (im *Image) named() bool { return im.facts != nil && im.facts.name != nil }

// holds compares piece by piece, so that what differs early costs little.
func holds(r flashmodel.Reader, at uint32, want []byte) bool {
	var b [flashmodel.SectorSize]byte
	for len(want) > 0 {
		n := min(len(want), len(b))
		r.Read(at, b[:n])
		if !bytes.Equal(b[:n], want[:n]) {
			return false
		}
		at += uint32(n)
		want = want[n:]
	}
	return true
}
