package recall

import (
	"crypto/sha256"
	"sync"
	"sync/atomic"

	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/efuse"
	"github.com/bootsim/bootsim/flashmodel"
	"github.com/bootsim/bootsim/flashmodel/espimage"
)

// Sums remembers checksums and hashes of stretches of flash as the cache shows
// them, and makes those of a changed stretch from those of an earlier one:
// the checksum by what the changed sectors make of it, the hash from the first
// changed sector on. The zero value is empty; goroutines may share it.
type Sums struct {
	mu       sync.Mutex
	known    map[stretch][]*sums // that which was asked for last is the last
	count    int
	contents *Contents // nil: none
	work     struct{ read, hashed atomic.Uint64 }
}

// Work is what sums cost so far, in bytes.
type Work struct {
	Read   uint64 // through the cache, which decrypts
	Hashed uint64
}

// Work returns what was read and hashed since the beginning.
func (s *Sums) Work() Work { return Work{s.work.read.Load(), s.work.hashed.Load()} }

// stretch is a run of bytes in flash.
type stretch struct{ addr, size uint32 }

// Bounds of what is remembered: stretches with their variants in all, and
// variants of one stretch.
const (
	maxSums    = 256
	perStretch = 4
)

// sums is what was made of one stretch of one flash.
type sums struct {
	flash  *flashmodel.Flash
	efuses *efuse.Set
	xor    *byte
	sha    *[sha256.Size]byte
	marks  []byte // states of the hash, see Pass
}

// XOR returns the exclusive or of size bytes of r from addr on.
func XOR(r flashmodel.Reader, addr, size uint32) (x byte) {
	readPieces(r, addr, addr, size, func(_ uint32, b []byte) { x ^= espimage.XOR(b) })
	return x
}

// SHA256 returns the hash of size bytes of r from addr on.
func SHA256(r flashmodel.Reader, addr, size uint32) [sha256.Size]byte {
	h := sha256.New()
	readPieces(r, addr, addr, size, func(_ uint32, b []byte) { h.Write(b) })
	return [sha256.Size]byte(h.Sum(nil))
}

// XOR returns the exclusive or of size bytes from addr on. cache is the device's
// own: what Cached returns now. Where all of the bytes are read, a pass hashes
// them along; it may be nil.
func (s *Sums) XOR(d *emu.Device, cache flashmodel.Reader, addr, size uint32, pass *Pass) byte {
	at := stretch{addr, size}
	old, changed := s.nearest(d, at, func(k *sums) bool { return k.xor != nil }, fewer)
	if old != nil && len(changed) == 0 {
		d.Looked(addr, size)
		return *old.xor
	}
	var x byte
	name, told := s.contents.name(d, cache, at)
	if known := s.contents.find(name, told); known.xor != nil {
		x = *known.xor
		d.Looked(addr, size)
	} else if old != nil && uint32(len(changed))*flashmodel.SectorSize < size/2 {
		x = *old.xor ^ s.changedXOR(old, d, cache, at, changed)
		d.Looked(addr, size)
	} else {
		x = s.wholeXOR(cache, at, pass)
	}
	s.keep(d, at, func(k *sums) { k.xor = &x })
	s.contents.keep(name, told, func(k *content) { k.xor = &x })
	return x
}

// wholeXOR reads everything, for the hash too if that is where the hash has come.
func (s *Sums) wholeXOR(cache flashmodel.Reader, at stretch, pass *Pass) (x byte) {
	if pass != nil {
		s.catchUp(pass, cache, at.addr)
	}
	s.work.read.Add(uint64(at.size))
	readPieces(cache, pass.origin(at.addr), at.addr, at.size, func(addr uint32, b []byte) {
		x ^= espimage.XOR(b)
		s.work.hashed.Add(uint64(pass.take(addr, b)))
	})
	return x
}

// changedXOR is how the exclusive or changed with some sectors.
func (s *Sums) changedXOR(k *sums, d *emu.Device, cache flashmodel.Reader, at stretch, changed []uint32) (x byte) {
	before := emu.Device{Flash: k.flash, Efuses: k.efuses}
	then := before.Cached()
	for _, sector := range changed {
		from := max(sector, at.addr)
		size := min(sector+flashmodel.SectorSize, at.addr+at.size) - from
		for _, r := range []flashmodel.Reader{then, cache} {
			s.work.read.Add(uint64(size))
			x ^= XOR(r, from, size)
		}
	}
	return x
}

// SHA256 returns the hash of size bytes from addr on. cache is the device's own.
// What a pass has hashed already is not read again, and it goes on to the end of
// what is asked for; it may be nil.
func (s *Sums) SHA256(d *emu.Device, cache flashmodel.Reader, addr, size uint32, pass *Pass) [sha256.Size]byte {
	at := stretch{addr, size}
	old, changed := s.nearest(d, at, func(k *sums) bool { return k.sha != nil }, later)
	if old != nil && len(changed) == 0 {
		d.Looked(addr, size)
		return *old.sha
	}
	name, told := s.contents.name(d, cache, at)
	if known := s.contents.find(name, told); known.sha != nil {
		d.Looked(addr, size)
		s.keep(d, at, func(k *sums) { k.sha = known.sha })
		return *known.sha
	}
	fresh := NewPass(addr)
	p := &fresh
	if old != nil {
		p.resume(old.marks, max(changed[0], addr), size)
		d.Looked(addr, size)
	}
	if pass != nil && pass.begin == addr && pass.at > p.at {
		if pass.at-addr <= size {
			p = pass // which is further afterwards
		} else if old == nil {
			p.resume(pass.marks, addr+size, size)
			d.Looked(addr, size)
		}
	}
	s.advance(p, cache, addr+size)
	sum := p.sum()
	s.keep(d, at, func(k *sums) { k.sha, k.marks = &sum, p.marks })
	s.contents.keep(name, told, func(k *content) { k.sha = &sum })
	return sum
}

// Known returns the hash of size bytes from addr on as the cache of a device
// shows them, if it was made before, on whatever device. It looks at nothing and
// hashes nothing.
func (s *Sums) Known(d *emu.Device, addr, size uint32) (sum [sha256.Size]byte, ok bool) {
	old, changed := s.nearest(d, stretch{addr, size}, func(k *sums) bool { return k.sha != nil }, later)
	if old == nil || len(changed) > 0 {
		return sum, false
	}
	return *old.sha, true
}

// advance hashes on up to an address.
func (s *Sums) advance(p *Pass, cache flashmodel.Reader, end uint32) {
	s.work.read.Add(uint64(end - p.at))
	readPieces(cache, p.begin, p.at, end-p.at, func(addr uint32, b []byte) {
		s.work.hashed.Add(uint64(p.take(addr, b)))
	})
}

// catchUp hashes what lies between two pieces that are summed: headers. Where it
// would be more, the pass stays where it is.
func (s *Sums) catchUp(p *Pass, cache flashmodel.Reader, to uint32) {
	if to >= p.at && to-p.at <= flashmodel.SectorSize {
		s.advance(p, cache, to)
	}
}
