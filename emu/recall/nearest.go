package recall

import (
	"slices"

	"github.com/bootsim/bootsim/emu"
)

// fewer tells which of two lists of changed sectors is the better one for a
// checksum to go on from.
func fewer(a, b []uint32) bool { return len(a) < len(b) }

// later is fewer for a hash.
func later(a, b []uint32) bool {
	if len(a) == 0 || len(b) == 0 || a[0] == b[0] {
		return len(a) < len(b)
	}
	return a[0] > b[0]
}

// nearest returns what is known of a stretch on a chip with the same key and
// the best list of changed sectors in it, and these sectors. A stretch that
// wraps around the chip is not remembered.
func (s *Sums) nearest(d *emu.Device, at stretch, has func(*sums) bool, better func(a, b []uint32) bool) (*sums, []uint32) {
	s.mu.Lock()
	defer s.mu.Unlock()
	have := s.known[at]
	best, changed := -1, []uint32(nil)
	for i := len(have) - 1; i >= 0; i-- {
		k := have[i]
		if !has(k) || k.flash.Size() != d.Flash.Size() || !k.efuses.SameCipher(d.Efuses) {
			continue
		}
		c := d.Flash.ChangedIn(k.flash, at.addr, at.size)
		if best < 0 || !better(changed, c) { // of two as good the one that is about to be forgotten
			best, changed = i, c
		}
		if len(c) == 0 {
			break
		}
	}
	if best < 0 {
		return nil, nil
	}
	use(have, best)
	return have[len(have)-1], changed
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
