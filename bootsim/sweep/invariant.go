package sweep

import (
	"github.com/bootsim/bootsim/emu"
)

// Invariant is one thing that has to hold whatever happens.
type Invariant uint8

// The invariants. Their order is that of reports.
const (
	Boots     Invariant = iota // some application boots
	Recovers                   // whatever runs then brings the update to its end
	Known                      // what runs is the old or the new application, whole
	Secure                     // once confirmed, no application with a lower secure_version
	Keeps                      // once it began to confirm itself, the new application is not replaced by the old one
	RollsBack                  // after an entry was given up, an application boots
	Bounded                    // the number of boots until the end is bounded
	Sealed                     // no plaintext of an application lies in the flash of an encrypted device
	invariants
)

// Count is how many invariants there are.
const Count = int(invariants)

var invariantIDs = [invariants]string{"boots", "recovers", "known-app", "secure-version", "keeps-confirmed", "rollback", "bounded", "sealed"}

var invariantTitles = [invariants]string{
	"some application boots",
	"no state is lost for ever: the update still comes to its end",
	"only the old or the new application runs",
	"once confirmed, never an older secure_version",
	"an application that confirmed itself stays",
	"a rollback ends in an application that boots",
	"the number of boots to recover is bounded",
	"no application lies in flash as plaintext",
}

// String is the invariant's stable name.
func (i Invariant) String() string { return invariantIDs[i] }

// Title says what has to hold.
func (i Invariant) Title() string { return invariantTitles[i] }

// breach is a set of invariants that a run does not keep.
type breach uint16

func (b *breach) add(i Invariant)     { *b |= 1 << i }
func (b breach) has(i Invariant) bool { return b>>i&1 == 1 }

// applies tells which invariants mean something in a scenario.
func (sc *Scenario) applies(i Invariant) bool {
	switch i {
	case Secure:
		for _, im := range sc.Images {
			if im.Secure > 0 {
				return true
			}
		}
		return false
	case Keeps:
		return sc.Rollback && sc.Goal == New
	case RollsBack:
		return sc.Rollback
	case Sealed:
		return sc.encrypted()
	}
	return true
}

// judge tells which invariants a run does not keep.
func (sc *Scenario) judge(l *life, bound int) (b breach) {
	for i := range l.boots {
		sc.judgeBoot(&l.boots[i], &b)
	}
	switch {
	case l.end == endDead || l.end == endLoop && l.last().image == nil && l.last().outcome.App == nil:
		b.add(Boots)
		b.add(Recovers)
	case l.end == endLoop:
		b.add(Recovers)
	case l.end == endEndless:
		b.add(Bounded)
		b.add(Recovers)
	case l.end == endRest && (l.err != nil || l.last().role() != sc.Goal):
		b.add(Recovers)
	}
	if l.used() > bound {
		b.add(Bounded)
	}
	if l.exposed > 0 {
		b.add(Sealed)
	}
	if l.gaveUp && b.has(Boots) {
		b.add(RollsBack)
	}
	return b
}

func (sc *Scenario) judgeBoot(boot *bootRecord, b *breach) {
	if boot.outcome.End != emu.EndApp {
		return
	}
	if boot.role() == Other {
		b.add(Known)
	}
	if boot.image == nil {
		return
	}
	if boot.image.Secure < boot.ghost.secure {
		b.add(Secure)
	}
	if boot.ghost.confirming && boot.image.Role == Old {
		b.add(Keeps)
	}
}
