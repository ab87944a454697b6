package sweep

import (
	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/update"
	"github.com/bootsim/bootsim/flashmodel"
)

// looks remembers what was seen in flash by what was read for it.
type looks[T any] struct {
	off  bool // always look
	seen map[lookKey][]lookEntry[T]
}

type lookKey struct {
	key        key
	addr, size uint32
	by         string // who looks
}

type lookEntry[T any] struct {
	flash *flashmodel.Flash
	read  flashmodel.Sectors
	saw   T
}

// at returns what look sees in a device, or what it saw in one that agrees on
// everything that was read. The trace t, which watches the device, is told on
// what the answer depends.
func (m *looks[T]) at(d *emu.Device, addr, size uint32, by string, t *flashmodel.Trace, look func() T) T {
	if m.off {
		return look()
	}
	if m.seen == nil {
		m.seen = map[lookKey][]lookEntry[T]{}
	}
	k := lookKey{keyOf(d, update.RTC{}, ghost{}), addr, size, by}
	k.key.cause = 0
	entries := m.seen[k]
	for i := len(entries) - 1; i >= 0; i-- {
		if e := &entries[i]; e.flash.AgreesOn(d.Flash, &e.read) {
			d.Flash.Depend(&e.read)
			return e.saw
		}
	}
	var own flashmodel.Trace
	d.Flash.Watch(&own)
	e := lookEntry[T]{flash: d.Flash.Fork(), saw: look()}
	d.Flash.Watch(t)
	e.read = own.Read
	d.Flash.Depend(&e.read)
	if len(entries) < maxEntries {
		m.seen[k] = append(entries, e)
	}
	return e.saw
}
