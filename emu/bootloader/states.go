package bootloader

import (
	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/flashmodel/otadata"
)

// chooseByState is the rule of v3.3 and later: entries have states, and the
// bootloader may write them (spec 2.5).
func (s *session) chooseByState(pair otadata.Pair) (int, error) {
	s.log(msgSequence0, pair[0].Seq)
	s.log(msgSequence1, pair[1].Seq)
	if err := s.abortPending(&pair); err != nil {
		return 0, err
	}
	if s.p.antiRollback() {
		return s.chooseByVersion(pair)
	}
	if pair.Unset(otadata.EraState) || s.table.apps == 0 {
		s.log(msgBothEmpty, s.table.apps)
		slot := s.defaultSlot()
		s.initial = slot == 0 && pair.Initial() && s.p.has(featWritesOTAData)
		return slot, nil
	}
	return s.activate(pair, s.active(pair, otadata.EraState.Good(pair[0]), otadata.EraState.Good(pair[1])))
}

// active picks an entry, given which of them may be picked.
func (s *session) active(pair otadata.Pair, first, second bool) int {
	active := pair.Pick(first, second)
	switch {
	case first && second:
		s.log(msgBothValid)
	case active != otadata.None:
		s.log(msgOneValid, active)
	}
	return active
}

// activate turns the active entry into a slot. With rollback a new entry is
// marked as on trial.
func (s *session) activate(pair otadata.Pair, active int) (int, error) {
	if active == otadata.None {
		return s.fellBack(), nil
	}
	s.log(msgActive, active)
	slot, err := s.slotOf(pair[active].Seq)
	if err != nil {
		return 0, err
	}
	s.log(msgMappingSequence, pair[active].Seq-1, slot)
	if s.p.rollback() && pair[active].State == otadata.StateNew {
		s.log(msgPending, active)
		pair[active].State = otadata.StatePendingVerify
		if err := s.writeOTAData(active, pair[active]); err != nil {
			return 0, err
		}
	}
	if s.p.antiRollback() && pair[active].State == otadata.StateValid {
		if err := s.raiseSecureVersion(s.table.slot(slot)); err != nil {
			return 0, err
		}
	}
	return slot, nil
}

// abortPending marks entries that were on trial and not confirmed.
func (s *session) abortPending(pair *otadata.Pair) error {
	if !s.p.rollback() {
		return nil
	}
	for i := range pair {
		if pair[i].State != otadata.StatePendingVerify {
			continue
		}
		s.log(msgAborted, i)
		pair[i].State = otadata.StateAborted
		if err := s.writeOTAData(i, pair[i]); err != nil {
			return err
		}
	}
	return nil
}

// rollback tells whether the bootloader confirms updates. Where nobody knows,
// it does not.
func (p *Profile) rollback() bool { return p.has(featWritesOTAData) && p.Rollback.Or(false) }

func (p *Profile) antiRollback() bool { return p.has(featWritesOTAData) && p.AntiRollback.Or(false) }

// setActual writes the slot that was started into an otadata that never was
// written, when there is no factory app (spec 2.5, case c).
func (s *session) setActual(slot int) error {
	if slot <= emu.SlotFactory || !s.initial {
		return nil
	}
	e := otadata.New(uint32(slot)+1, otadata.StateValid)
	if !s.p.has(featFillsLabel) {
		copy(e.Label[:], s.draws().Label) // what lies on the stack
	}
	if err := s.writeOTAData(0, e); err != nil {
		return err
	}
	s.log(msgSetSequence, e.Seq)
	if s.p.antiRollback() {
		return s.raiseSecureVersion(s.table.slot(slot))
	}
	return nil
}
