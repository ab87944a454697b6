// Package recall remembers what a step of a boot came to, for as long as what
// the step looked at stays as it was. A boot is a function of persistent state
// (see emu.Booter), and most boots of an exploration or a fuzzing run differ
// from an earlier one in a few bytes: what did not look at these need not be
// done again.
package recall

import (
	"sync"

	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/efuse"
	"github.com/bootsim/bootsim/flashmodel"
)

// Bounds of a memory. Every result holds on to the flash that it was made on,
// of which it shares all but what was written since.
const (
	maxResults = 512 // of one memory
	perKey     = 8   // of one key
)

// Memory remembers results by key: everything that a step depends on besides
// flash and eFuses, and is not the same for all its callers. The zero value is
// empty. It may be shared by goroutines that boot devices of their own; results
// must not be altered.
type Memory[K comparable, V any] struct {
	mu    sync.Mutex
	byKey map[K][]*result[V]
	count int
}

type result[V any] struct {
	on    emu.Device // flash and eFuses that it was made on
	watch emu.Watch
	value V
}

// Find returns the result that a step with this key had on a device that was
// the same wherever the step looked, nil if none is remembered.
func (m *Memory[K, V]) Find(d *emu.Device, key K) *V {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, r := range m.byKey[key] {
		if r.watch.Same(d, &r.on) {
			r.watch.Tell(d)
			return &r.value
		}
	}
	return nil
}

// Attempt is a step under way, the reads of which are noted.
type Attempt struct {
	dev    *emu.Device
	flash  *flashmodel.Flash // as before the step
	efuses *efuse.Set
	watch  *emu.Watch
}

// Begin watches a device while a step works on it. Steps do not nest.
func Begin(d *emu.Device) *Attempt {
	a := &Attempt{dev: d, flash: d.Flash.Fork(), efuses: d.Efuses.Clone(), watch: new(emu.Watch)}
	d.Watch(a.watch)
	return a
}

// End stops watching. It tells whether the step left flash and eFuses alone:
// only what such a step came to can be remembered.
func (a *Attempt) End() bool {
	a.dev.Watch(nil)
	return a.efuses.Equal(a.dev.Efuses) && a.flash.Same(a.dev.Flash, 0, a.flash.Size())
}

// Keep remembers what an attempt came to. The oldest of several results with
// one key is forgotten first, and everything when there is no room left.
func (m *Memory[K, V]) Keep(a *Attempt, key K, value V) *V {
	r := &result[V]{on: emu.Device{Flash: a.flash, Efuses: a.efuses}, watch: *a.watch, value: value}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.byKey == nil || m.count >= maxResults {
		m.byKey, m.count = map[K][]*result[V]{}, 0
	}
	have := m.byKey[key]
	if len(have) == perKey {
		copy(have, have[1:])
		have = have[:perKey-1]
		m.count--
	}
	m.byKey[key] = append(have, r)
	m.count++
	return &r.value
}
