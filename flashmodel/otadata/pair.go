package otadata

// Pair is the content of the otadata partition: the entry of the first sector
// and that of the second.
type Pair [2]Entry

// DecodePair reads both entries from the content of an otadata partition. What
// is missing of a short b reads as erased flash.
func DecodePair(b []byte) Pair {
	return Pair{Decode(b), Decode(b[min(len(b), SectorSize):])}
}

// None is the index that stands for no entry.
const None = -1

// Era is the set of rules a reader follows.
type Era uint8

// The eras.
const (
	// EraLabel is v3.0 to v3.2: no states, an entry is good if it is not erased
	// and its CRC fits.
	EraLabel Era = iota
	// EraState is v3.3 and later: INVALID and ABORTED entries do not count.
	EraState
)

// Discarded tells whether readers of the era pass over the entry before they
// even look at its CRC: it is erased or, since v3.3, INVALID or ABORTED.
func (era Era) Discarded(e Entry) bool {
	if era == EraState && (e.State == StateInvalid || e.State == StateAborted) {
		return true
	}
	return e.Erased()
}

// Good tells whether the entry may be chosen: not discarded, and a fitting CRC.
func (era Era) Good(e Entry) bool { return !era.Discarded(e) && e.CRCOK() }

// Active returns the index of the entry that counts, or None: of two good ones
// that with the larger sequence number, the first if they are equal.
func (p Pair) Active(era Era) int {
	return p.Pick(era.Good(p[0]), era.Good(p[1]))
}

// Pick is Active for a reader with a verdict of its own on each entry, such as
// a bootloader with anti-rollback.
func (p Pair) Pick(first, second bool) int {
	switch {
	case first && second:
		if p[0].Seq >= p[1].Seq {
			return 0
		}
		return 1
	case first:
		return 0
	case second:
		return 1
	}
	return None
}

// Unset tells whether the bootloader takes the partition as never written, so
// that it starts the factory application, or slot 0, without an error: both
// entries are discarded. That includes two INVALID entries since v3.3.
func (p Pair) Unset(era Era) bool {
	return era.Discarded(p[0]) && era.Discarded(p[1])
}

// Initial tells whether both entries are erased or have a wrong CRC: only then
// does a bootloader of v3.3 or later, without a factory application, write the
// slot that it started to the first entry.
func (p Pair) Initial() bool {
	for _, e := range p {
		if !e.Erased() && e.CRCOK() {
			return false
		}
	}
	return true
}

// Slot returns the slot a sequence number names among n slots, in the unsigned
// 32-bit arithmetic of the bootloader: number 0 gives 0xFFFFFFFF mod n. It
// returns 0 for no slots.
func Slot(seq uint32, n uint32) uint32 {
	if n == 0 {
		return 0
	}
	return (seq - 1) % n
}
