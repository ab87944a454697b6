package recall

import (
	"crypto/sha256"
	"encoding"
	"hash"
	"slices"
	"sync"

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
	mu    sync.Mutex
	known map[stretch][]*sums
	count int
}

// stretch is a run of bytes in flash.
type stretch struct{ addr, size uint32 }

// Bounds of what is remembered: stretches with their variants in all, and
// variants of one stretch.
const (
	maxSums     = 256
	perStretch  = 4
	markSpacing = 64 << 10 // bytes of flash between the marks of a hash
	bufferSize  = 16 << 10
)

// sums is what was made of one stretch of one flash.
type sums struct {
	flash  *flashmodel.Flash
	efuses *efuse.Set
	xor    *byte
	sha    *[sha256.Size]byte
	marks  []mark
}

// mark is the state of a hash before the byte at an address.
type mark struct {
	addr  uint32
	state []byte
}

// XOR returns the exclusive or of size bytes of r from addr on.
func XOR(r flashmodel.Reader, addr, size uint32) (x byte) {
	read(r, addr, size, func(b []byte) { x ^= espimage.XOR(b) })
	return x
}

// SHA256 returns the hash of size bytes of r from addr on.
func SHA256(r flashmodel.Reader, addr, size uint32) [sha256.Size]byte {
	h := sha256.New()
	read(r, addr, size, func(b []byte) { h.Write(b) })
	return [sha256.Size]byte(h.Sum(nil))
}

// XOR returns the exclusive or of size bytes from addr on. cache is the device's
// own: what Cached returns now.
func (s *Sums) XOR(d *emu.Device, cache flashmodel.Reader, addr, size uint32) byte {
	at := stretch{addr, size}
	old, changed := s.nearest(d, at, func(k *sums) bool { return k.xor != nil })
	if old != nil && len(changed) == 0 {
		d.Looked(addr, size)
		return *old.xor
	}
	var x byte
	if old != nil && uint32(len(changed))*flashmodel.SectorSize < size/2 {
		x = *old.xor ^ old.changedXOR(d, cache, at, changed)
		d.Looked(addr, size)
	} else {
		x = XOR(cache, addr, size)
	}
	s.keep(d, at, func(k *sums) { k.xor = &x })
	return x
}

// changedXOR is how the exclusive or changed with some sectors.
func (k *sums) changedXOR(d *emu.Device, cache flashmodel.Reader, at stretch, changed []uint32) (x byte) {
	before := emu.Device{Flash: k.flash, Efuses: k.efuses}
	then := before.Cached()
	for _, sector := range changed {
		from := max(sector, at.addr)
		size := min(sector+flashmodel.SectorSize, at.addr+at.size) - from
		for _, r := range []flashmodel.Reader{then, cache} {
			x ^= XOR(r, from, size)
		}
	}
	return x
}

// SHA256 returns the hash of size bytes from addr on. cache is the device's own.
func (s *Sums) SHA256(d *emu.Device, cache flashmodel.Reader, addr, size uint32) [sha256.Size]byte {
	at := stretch{addr, size}
	old, changed := s.nearest(d, at, func(k *sums) bool { return k.sha != nil })
	if old != nil && len(changed) == 0 {
		d.Looked(addr, size)
		return *old.sha
	}
	h, from := sha256.New(), addr
	var marks []mark
	if old != nil {
		h, from, marks = old.resume(addr, changed[0])
		d.Looked(addr, size)
	}
	for end := addr + size; from != end; {
		marks = append(marks, mark{from, stateOf(h)})
		n := min(end-from, markSpacing)
		read(cache, from, n, func(b []byte) { h.Write(b) })
		from += n
	}
	sum := [sha256.Size]byte(h.Sum(nil))
	s.keep(d, at, func(k *sums) { k.sha, k.marks = &sum, marks })
	return sum
}

// resume returns the hash as it was at the last mark before an address, and the
// marks before that one.
func (k *sums) resume(begin, changed uint32) (hash.Hash, uint32, []mark) {
	h := sha256.New()
	for i := len(k.marks) - 1; i >= 0; i-- {
		m := k.marks[i]
		if m.addr-begin > max(changed, begin)-begin {
			continue
		}
		if h.(encoding.BinaryUnmarshaler).UnmarshalBinary(m.state) == nil {
			return h, m.addr, slices.Clone(k.marks[:i])
		}
		break
	}
	return sha256.New(), begin, nil
}

// stateOf is what a hash goes on from.
func stateOf(h hash.Hash) []byte {
	b, err := h.(encoding.BinaryMarshaler).MarshalBinary()
	if err != nil {
		panic("recall: SHA-256 does not tell its state: " + err.Error())
	}
	return b
}

// nearest returns what is known of a stretch on a chip with the same key and
// the fewest changed sectors in it, and these sectors. A stretch that wraps
// around the chip is not remembered.
func (s *Sums) nearest(d *emu.Device, at stretch, has func(*sums) bool) (best *sums, changed []uint32) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, k := range s.known[at] {
		if !has(k) || k.flash.Size() != d.Flash.Size() || !k.efuses.SameCipher(d.Efuses) {
			continue
		}
		c := d.Flash.ChangedIn(k.flash, at.addr, at.size)
		if best == nil || len(c) < len(changed) {
			best, changed = k, c
		}
	}
	return best, changed
}

// keep remembers a sum of a stretch beside what is known of the same content.
func (s *Sums) keep(d *emu.Device, at stretch, set func(*sums)) {
	if uint64(at.addr)+uint64(at.size) > uint64(d.Flash.Size()) {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.known == nil || s.count >= maxSums {
		s.known, s.count = map[stretch][]*sums{}, 0
	}
	k := &sums{flash: d.Flash.Fork(), efuses: d.Efuses.Clone()}
	have := s.known[at]
	for i, other := range have {
		if other.efuses.SameCipher(d.Efuses) && other.flash.Same(d.Flash, at.addr, at.size) {
			copied := *other // what others may be reading stays as it is
			k, have[i] = &copied, &copied
			set(k)
			return
		}
	}
	set(k)
	if len(have) == perStretch {
		have = slices.Delete(have, 0, 1)
		s.count--
	}
	s.known[at] = append(have, k)
	s.count++
}

// read hands size bytes from addr on over piece by piece.
func read(r flashmodel.Reader, addr, size uint32, take func([]byte)) {
	buf := make([]byte, min(size, bufferSize))
	for size > 0 {
		b := buf[:min(size, bufferSize)]
		r.Read(addr, b)
		take(b)
		addr += uint32(len(b))
		size -= uint32(len(b))
	}
}
