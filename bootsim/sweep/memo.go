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

// plaintexts knows pieces of the images that are to be secret.
type plaintexts struct {
	pieces map[[pieceSize]byte]bool
}

// pieceSize is how much of an image has to show to count, in bytes.
const pieceSize = 32

// learn takes the images of a scenario in. Pieces of one byte repeated are no
// secret.
func (p *plaintexts) learn(images []Image) {
	p.pieces = map[[pieceSize]byte]bool{}
	for _, im := range images {
		for at := 0; at+pieceSize <= len(im.Plain); at += pieceSize {
			piece := [pieceSize]byte(im.Plain[at:])
			if piece != repeated(piece[0]) {
				p.pieces[piece] = true
			}
		}
	}
}

func repeated(b byte) (piece [pieceSize]byte) {
	for i := range piece {
		piece[i] = b
	}
	return piece
}

// in counts the operations that program a piece, and returns the first.
func (p *plaintexts) in(ops []flashmodel.Op) (n, first int) {
	for i := range ops {
		if !p.holds(&ops[i]) {
			continue
		}
		if n == 0 {
			first = i
		}
		n++
	}
	return n, first
}

// holds tells whether an operation programs a piece.
func (p *plaintexts) holds(op *flashmodel.Op) bool {
	if op.Kind != flashmodel.OpProgram {
		return false
	}
	for at := 0; at+pieceSize <= len(op.Data); at += pieceSize {
		if p.pieces[[pieceSize]byte(op.Data[at:])] {
			return true
		}
	}
	return false
}
