package otadata

// Verdict is what a bootloader makes of the two entries.
type Verdict uint8

// The verdicts, with the line each is logged by.
const (
	VerdictEntry     Verdict = iota // an entry counts; no line
	VerdictFactory                  // "Defaulting to factory image"
	VerdictFirstSlot                // "No factory image, trying OTA 0"
	VerdictInvalid                  // "ota data partition invalid, ...": factory, else all slots from 0
)

// Choice is which application a bootloader tries first.
type Choice struct {
	Verdict Verdict
	Entry   int    // index of the entry that counts, or None
	Slot    uint32 // slot to try with VerdictEntry and VerdictFirstSlot
}

// Choose returns what a bootloader of the era chooses, given the number of OTA
// rows of its table (duplicates and gaps included) and whether there is a
// factory application (spec 2.5). A bootloader built with rollback chooses from
// AbortPending; one with anti-rollback has further rules, see Pick.
func (p Pair) Choose(era Era, rows uint32, factory bool) Choice {
	if rows == 0 || p.Unset(era) {
		if factory {
			return Choice{Verdict: VerdictFactory, Entry: None}
		}
		return Choice{Verdict: VerdictFirstSlot, Entry: None}
	}
	active := p.Active(era)
	if active == None {
		return Choice{Verdict: VerdictInvalid, Entry: None}
	}
	return Choice{Verdict: VerdictEntry, Entry: active, Slot: Slot(p[active].Seq, rows)}
}

// AbortPending returns the entries after a bootloader built with rollback has
// marked images that were started once and not confirmed (spec 2.5, 5.4). It
// writes each entry that differs.
func (p Pair) AbortPending() Pair {
	for i := range p {
		if p[i].State == StatePendingVerify {
			p[i].State = StateAborted
		}
	}
	return p
}
