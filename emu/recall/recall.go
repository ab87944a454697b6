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
	byKey map[K][]*Attempt[V] // that which was asked for last is the last
	count int
}

// Find returns the result that a step with this key had on a device that was
// the same wherever the step looked, nil if none is remembered.
func (m *Memory[K, V]) Find(d *emu.Device, key K) *V {
	m.mu.Lock()
	defer m.mu.Unlock()
	have := m.byKey[key]
	for i := len(have) - 1; i >= 0; i-- {
		if a := have[i]; a.watch.Same(d, &a.on) {
			use(have, i)
			a.watch.Tell(d)
			return &a.value
		}
	}
	return nil
}

// use puts what was asked for behind everything else: what nobody asks for is
// forgotten first.
func use[T any](have []T, i int) {
	used := have[i]
	copy(have[i:], have[i+1:])
	have[len(have)-1] = used
}

// Attempt is a step under way, the reads of which are noted, and then what is
// remembered of it: one piece of memory.
type Attempt[V any] struct {
	dev    *emu.Device
	on     emu.Device // as before the step: flash and eFuses
	flash  flashmodel.Flash
	efuses efuse.Set
	watch  emu.Watch
	value  V
}

// Begin watches a device while a step works on it. Steps do not nest.
func (m *Memory[K, V]) Begin(d *emu.Device) *Attempt[V] {
	a := &Attempt[V]{dev: d}
	d.Flash.ForkInto(&a.flash)
	d.Efuses.CloneInto(&a.efuses)
	a.on.Flash, a.on.Efuses = &a.flash, &a.efuses
	d.Watch(&a.watch)
	return a
}

// End stops watching. It tells whether the step left flash and eFuses alone:
// only what such a step came to can be remembered.
func (a *Attempt[V]) End() bool {
	a.dev.Watch(nil)
	return a.efuses.Equal(a.dev.Efuses) && a.flash.Same(a.dev.Flash, 0, a.flash.Size())
}

// Keep remembers what an attempt came to. Of several results with one key that
// which was not asked for longest is forgotten first, and everything when there
// is no room left.
func (m *Memory[K, V]) Keep(a *Attempt[V], key K, value V) *V {
	a.value, a.dev = value, nil
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.byKey == nil || m.count >= maxResults {
		m.byKey, m.count = map[K][]*Attempt[V]{}, 0
	}
	have := m.byKey[key]
	if len(have) == perKey {
		use(have, 0)
		have[perKey-1] = a
		return &a.value
	}
	m.byKey[key] = append(have, a)
	m.count++
	return &a.value
}
