package bootloader

import (
	"slices"
	"sync"
	"sync/atomic"

	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/recall"
	"github.com/bootsim/bootsim/flashmodel/crypt"
)

// History remembers steps of boots that change nothing: the start, the partition
// table, and every image. Boots that share one skip the steps that would look
// at nothing new. Goroutines may share it, and so may profiles, which must not
// be altered any more.
type History struct {
	steps   recall.Memory[stepKey, step]
	sums    *recall.Sums // nil: none yet
	ciphers recall.Memory[struct{}, *crypt.Cipher]
	once    sync.Once
	lines   atomic.Int32 // of the last boot
}

// Share makes h know the checksums and hashes of images that o knows, and the
// other way round: they do not depend on profiles. It comes before the first boot.
func (h *History) Share(o *History) { h.sums = o.Sums() }

// Work returns what checksums and hashes of images cost so far.
func (h *History) Work() recall.Work { return h.Sums().Work() }

// Sums are the checksums and hashes that the history knows.
func (h *History) Sums() *recall.Sums {
	h.once.Do(func() {
		if h.sums == nil {
			h.sums = new(recall.Sums)
		}
	})
	return h.sums
}

// room is how many lines a boot is likely to print.
func (h *History) room() int {
	if h == nil {
		return usualLines
	}
	if n := h.lines.Load(); n > 0 {
		return int(n)
	}
	return usualLines
}

// ended learns how many lines a boot printed.
func (h *History) ended(lines int) {
	if h != nil && int32(lines) != h.lines.Load() {
		h.lines.Store(int32(lines))
	}
}

// Cipher is what the cache of a device decrypts with, nil for nothing: what
// emu.Device.Cipher returns.
func (h *History) Cipher(d *emu.Device) *crypt.Cipher {
	if h == nil {
		return d.Cipher()
	}
	if known := h.ciphers.Find(d, struct{}{}); known != nil {
		return *known
	}
	attempt := h.ciphers.Begin(d)
	c := d.Cipher()
	attempt.End()
	return *h.ciphers.Keep(attempt, struct{}{}, c)
}

// stepKind is a step that is remembered.
type stepKind uint8

const (
	stepStart stepKind = iota
	stepTable
	stepImage
)

// stepKey is what a step depends on besides flash and eFuses.
type stepKey struct {
	kind         stepKind
	profile      *Profile
	conditions   emu.Conditions
	size, second uint32
	pages        mapping
	at, room     uint32 // of an image: its partition's place and size
	slot         int
	load, check  bool
}

func (s *session) key(kind stepKind, im *image) stepKey {
	k := stepKey{
		kind: kind, profile: s.p, conditions: s.dev.Conditions(), size: s.size, second: s.second, pages: s.pages,
	}
	if im != nil {
		k.at, k.room, k.slot, k.load, k.check = im.offset, im.size, im.slot, im.load, im.check
	}
	return k
}

// step is what a step came to: what it printed and left in the session.
type step struct {
	log      []emu.Line
	refusals []emu.Refusal
	header   headerBytes
	size     uint32
	table    bootTable
	pages    mapping
	image    image
	guess    emu.Guess // Lines count from the step's first
	err      error
}

// recalled does a step, or what it came to before.
func (s *session) recalled(kind stepKind, do func(*session, *image) error, im *image) error {
	if s.history == nil {
		return do(s, im)
	}
	key := s.key(kind, im)
	if known := s.history.steps.Find(s.dev, key); known != nil {
		s.restore(kind, known, im)
		return known.err
	}
	lines, refusals := len(s.out.Log), len(s.out.Refusals)
	attempt := s.history.steps.Begin(s.dev)
	s.sums = s.history.Sums() // until a step changes the device
	before := s.out.Guess
	s.out.Guess = emu.Guess{}
	err := do(s, im)
	s.sums, s.pass = nil, nil
	if attempt.End() {
		s.history.steps.Keep(attempt, key, s.came(lines, refusals, im, err))
	}
	if before.Why != "" {
		s.out.Guess = before
	}
	return err
}

// came is what the step since lines and refusals came to.
func (s *session) came(lines, refusals int, im *image, err error) step {
	c := step{
		log: slices.Clone(s.out.Log[lines:]), refusals: slices.Clone(s.out.Refusals[refusals:]),
		guess: s.out.Guess, header: s.header, size: s.size, table: s.table, pages: s.pages, err: err,
	}
	c.guess.Lines -= lines
	if im != nil {
		c.image = *im
	}
	return c
}

// restore leaves the session as a step of that kind did. What a partition is
// called, and its row, matter to no image but where it is refused.
func (s *session) restore(kind stepKind, c *step, im *image) {
	if c.guess.Why != "" && s.out.Guess.Why == "" {
		s.out.Guess = emu.Guess{Why: c.guess.Why, Lines: len(s.out.Log) + c.guess.Lines}
	}
	s.out.Log = append(s.out.Log, c.log...)
	for _, r := range c.refusals {
		if kind == stepImage {
			r.Label, r.Row = im.label, im.row
		}
		s.out.Refusals = append(s.out.Refusals, r)
	}
	s.pages = c.pages
	switch kind {
	case stepStart:
		s.header, s.size = c.header, c.size
	case stepTable:
		s.table = c.table
	case stepImage:
		at := im.place
		*im = c.image
		im.place = at
	}
}
