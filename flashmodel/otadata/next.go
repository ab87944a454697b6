package otadata

import "fmt"

// SlotError reports a slot that the table does not have.
type SlotError struct{ Target, Slots uint32 }

// Error names the slot and how many there are.
func (e *SlotError) Error() string {
	return fmt.Sprintf("otadata: no slot %d: the partition table has %d consecutive OTA slots, counted from 0", e.Target, e.Slots)
}

// OverflowError reports that no sequence number is left that an entry can hold.
type OverflowError struct{ Active, Target, Slots uint32 }

// Error says what to do about it.
func (e *OverflowError) Error() string {
	return fmt.Sprintf("otadata: no sequence number for slot %d of %d follows 0x%08x within 32 bits: erase otadata and select the slot again",
		e.Target, e.Slots, e.Active)
}

// NextSeq returns the sequence number by which an application selects slot
// target of slots while activeSeq counts: the smallest number that names the
// slot and is not below activeSeq (spec 5.2). Selecting the slot that is
// already active gives activeSeq again. activeSeq Erased stands for no entry
// and gives target+1; 0 is a number like any other.
//
// The error is a *SlotError for a slot that does not exist. What an application
// does when numbers run out of 32 bits is not modelled: *OverflowError.
func NextSeq(activeSeq uint32, slots, target uint32) (uint32, error) {
	if target >= slots {
		return 0, &SlotError{Target: target, Slots: slots}
	}
	if activeSeq == Erased {
		return target + 1, nil
	}
	seq := nextSeq(activeSeq, slots, target)
	if seq >= Erased {
		return 0, &OverflowError{Active: activeSeq, Target: target, Slots: slots}
	}
	return uint32(seq), nil
}

// nextSeq is NextSeq without bounds.
func nextSeq(activeSeq uint32, slots, target uint32) uint64 {
	n, active := uint64(slots), uint64(activeSeq)
	base := (uint64(target) + 1) % n
	if active <= base {
		return base
	}
	return base + (active-base+n-1)/n*n
}

// Next returns where an application writes its choice of a slot, and with which
// sequence number: to the entry that does not count now, or to the first if
// none does (spec 5.2). slots is the number of consecutive OTA slots. Errors
// are those of NextSeq.
func (p Pair) Next(era Era, slots, target uint32) (index int, seq uint32, err error) {
	active := p.Active(era)
	if active == None {
		seq, err = NextSeq(Erased, slots, target)
		return 0, seq, err
	}
	seq, err = NextSeq(p[active].Seq, slots, target)
	return 1 - active, seq, err
}
