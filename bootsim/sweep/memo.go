package sweep

import (
	"encoding/binary"

	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/ota"
	"github.com/bootsim/bootsim/emu/update"
	"github.com/bootsim/bootsim/flashmodel"
	"github.com/bootsim/bootsim/flashmodel/otadata"
)

// bootMemo remembers boots by what they read: a device that agrees with an
// earlier one on every sector that was read boots alike.
type bootMemo struct {
	off  bool // always boot
	seen map[key][]bootEntry
}

type bootEntry struct {
	flash   *flashmodel.Flash
	trace   flashmodel.Trace
	outcome emu.Outcome
	ops     []flashmodel.Op
}

// maxEntries bounds what is remembered for one key.
const maxEntries = 256

// boot boots a device or does what an equal boot did.
func (r *runner) boot(d *emu.Device, interferes bool) emu.Outcome {
	if interferes || r.memoised.off {
		r.boots++
		return r.sc.Booter.Boot(d)
	}
	if r.memoised.seen == nil {
		r.memoised.seen = map[key][]bootEntry{}
	}
	k := keyOf(d, update.RTC{}, ghost{})
	entries := r.memoised.seen[k]
	for i := len(entries) - 1; i >= 0; i-- {
		if e := &entries[i]; e.flash.AgreesOn(d.Flash, &e.trace.Read) {
			repeat(d, e)
			return e.outcome
		}
	}
	e := r.bootNew(d)
	if len(entries) < maxEntries {
		r.memoised.seen[k] = append(entries, e)
	}
	return e.outcome
}

// bootNew boots and remembers what was read and done.
func (r *runner) bootNew(d *emu.Device) bootEntry {
	r.boots++
	e := bootEntry{flash: d.Flash.Fork()}
	work := d.Fork()
	j := &flashmodel.Journal{}
	work.Attach(j)
	work.Flash.Watch(&e.trace)
	e.outcome = r.sc.Booter.Boot(work)
	e.ops = j.Ops()
	repeat(d, &e)
	return e
}

// repeat does to a device what a boot did, through its journal and its trace.
func repeat(d *emu.Device, e *bootEntry) {
	d.Flash.Depend(&e.trace.Read)
	for _, op := range e.ops {
		// Neither fails: an equal device has carried the same out.
		if op.Kind == flashmodel.OpBurn {
			_ = d.Efuses.Burn(int(op.Addr), wordsOf(op.Data))
			continue
		}
		_ = flashmodel.Replay(d.Flash, []flashmodel.Op{op})
	}
}

func wordsOf(b []byte) []uint32 {
	words := make([]uint32, len(b)/4)
	for i := range words {
		words[i] = binary.LittleEndian.Uint32(b[4*i:])
	}
	return words
}

// givenUp tells whether otadata holds an entry that was given up.
func (c *course) givenUp(d *emu.Device) bool {
	if !c.sc.Rollback {
		return false
	}
	for _, p := range c.sc.Parts {
		if !p.Is(1, 0) {
			continue
		}
		for _, e := range ota.ReadPair(d, p) {
			if e.CRCOK() && (e.State == otadata.StateAborted || e.State == otadata.StateInvalid) {
				return true
			}
		}
	}
	return false
}
