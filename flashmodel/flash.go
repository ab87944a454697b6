// Package flashmodel models the SPI NOR flash of an ESP32 module: an array in
// which programming only clears bits and erasing sets whole sectors, whose
// every operation passes through a Journal, and which forks in constant time.
//
// Behaviour follows the common command set of the 25-series chips that
// Espressif fits (page program wraps inside its 256-byte page, addresses above
// the chip's size wrap), and spec section 4.7 for who sees which bytes.
package flashmodel

import (
	"math/bits"
	"sync/atomic"
)

// Sizes of the array and of its units, in bytes.
const (
	PageSize    = 256
	SectorSize  = 4 << 10
	Block32Size = 32 << 10
	Block64Size = 64 << 10
	MinSize     = 1 << 20
	MaxSize     = 16 << 20
)

// Reader is anything that shows flash content by address: the raw array, or a
// view that decrypts what the cache would decrypt. Reads never fail: addresses
// past the chip wrap, as they do on silicon.
type Reader interface {
	// Read fills p with the bytes from addr on.
	Read(addr uint32, p []byte)
	// Size returns the number of bytes of the chip.
	Size() uint32
}

// Flash is one NOR chip. Its content is a persistent tree of 4 KiB sectors in
// which erased sectors take no room, so that a fork costs a few words and a
// write to it copies one sector.
//
// A Flash that nobody writes to may be read, summed and forked from any number
// of goroutines; a write needs the Flash to itself. Two forks never disturb
// each other.
type Flash struct {
	root    *node
	size    uint32
	owner   atomic.Pointer[token] // nil: every node may be shared
	journal *Journal
	trace   *Trace
	shelf   *shelf // of all forks
	stock   *Stock // nil: none
}

// New returns an erased chip of size bytes, a power of two from MinSize to
// MaxSize. Any other size is a *SizeError.
func New(size uint32) (*Flash, error) {
	if size < MinSize || size > MaxSize || bits.OnesCount32(size) != 1 {
		return nil, &SizeError{Size: size}
	}
	return &Flash{size: size, shelf: newShelf(size)}, nil
}

// Size returns the number of bytes of the chip.
func (f *Flash) Size() uint32 { return f.size }

// Attach makes every later program and erase pass through j. Nil detaches.
func (f *Flash) Attach(j *Journal) { f.journal = j }

// Fork returns a chip with the same content that evolves on its own, in
// constant time. The fork has no journal.
func (f *Flash) Fork() *Flash {
	g := new(Flash)
	f.ForkInto(g)
	return g
}

// ForkInto makes a fork as Fork does, in room that the caller has: a Flash that
// nobody used before.
func (f *Flash) ForkInto(room *Flash) {
	// Giving up the token makes every node of f shared: from now on each side
	// copies before it writes. Skipping the store when there is none to give up
	// lets many goroutines fork one pristine chip without contention.
	if f.owner.Load() != nil {
		f.owner.Store(nil)
	}
	room.root, room.size, room.shelf, room.stock = f.root, f.size, f.shelf, f.stock
}

// wrap returns the cell that the chip addresses when asked for addr: address
// lines above its size are not there.
func (f *Flash) wrap(addr uint32) uint32 { return addr & (f.size - 1) }
