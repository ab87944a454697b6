package bootloader

import (
	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/rom"
	"github.com/bootsim/bootsim/flashmodel"
	"github.com/bootsim/bootsim/flashmodel/otadata"
)

// choose says which slot is tried first (spec 2.5). It fails when otadata
// cannot be read.
func (s *session) choose() (int, error) {
	if s.table.otaInfo.offset == 0 {
		return s.chosen(emu.SlotFactory), nil
	}
	pair, err := s.readOTAData()
	if err != nil {
		return 0, err
	}
	s.initial = false
	s.out.Selection.Initial = pair[0].Erased() && pair[1].Erased()
	var slot int
	if s.p.has(featStates) {
		slot, err = s.chooseByState(pair)
	} else {
		slot, err = s.chooseByNumber(pair)
	}
	return s.chosen(slot), err
}

func (s *session) chosen(slot int) int {
	s.out.Selection.Made, s.out.Selection.Slot = true, slot
	return slot
}

// readOTAData reads both entries. The whole partition is mapped for it.
func (s *session) readOTAData() (otadata.Pair, error) {
	info := s.table.otaInfo
	if info.size < 2*flashmodel.SectorSize {
		minimum := otadata.EntrySize
		if s.p.has(featTwoSectorMinimum) {
			minimum = 2 * flashmodel.SectorSize
		}
		s.refuse(emu.Refusal{Reason: emu.ReasonOTADataSize, Slot: emu.SlotNone, Label: info.label,
			Offset: info.offset, Row: info.row, Want: 2 * flashmodel.SectorSize, Got: uint64(info.size)},
			msgOTAInfoSmall, info.size, minimum)
		return otadata.Pair{}, s.giveUp()
	}
	s.log(msgOTAOffset, info.offset)
	if !s.mapped(info.offset, info.size) {
		s.refuse(emu.Refusal{Reason: emu.ReasonOTADataSize, Slot: emu.SlotNone, Label: info.label,
			Offset: info.offset, Row: info.row, Want: maxMap, Got: uint64(info.size)},
			msgMapFailed, info.offset, info.size)
		return otadata.Pair{}, s.giveUp()
	}
	var pair otadata.Pair
	for i := range pair {
		s.cache.Read(info.offset+uint32(i)*flashmodel.SectorSize, s.entry[:])
		pair[i] = otadata.Decode(s.entry[:])
	}
	s.unmapped()
	return pair, nil
}

// chooseByNumber is the rule of v3.2 and older: no states, flash is not written.
func (s *session) chooseByNumber(pair otadata.Pair) (int, error) {
	s.log(msgSequences, pair[0].Seq, pair[1].Seq)
	if pair.Unset(otadata.EraLabel) || s.noApps() {
		s.log(msgBothEmpty, s.table.apps)
		return s.defaultSlot(), nil
	}
	active := pair.Active(otadata.EraLabel)
	if active == otadata.None {
		return s.fellBack(), nil
	}
	slot, err := s.slotOf(pair[active].Seq)
	if err == nil {
		s.log(msgMappedSequence, numberVerdict(pair), pair[active].Seq-1, slot)
	}
	return slot, err
}

func numberVerdict(pair otadata.Pair) string {
	switch good := otadata.EraLabel.Good; {
	case good(pair[0]) && good(pair[1]):
		return "Both OTA values"
	case good(pair[0]):
		return "Only OTA sequence A is"
	}
	return "Only OTA sequence B is"
}

// noApps tells whether the absence of OTA rows overrules otadata.
func (s *session) noApps() bool { return s.table.apps == 0 && s.p.has(featCountsApps) }

// slotOf is the slot that a sequence number names. Versions that do not look
// for it divide by the number of OTA rows even if there are none.
func (s *session) slotOf(seq uint32) (int, error) {
	if s.table.apps == 0 {
		return 0, fault(rom.CauseDivideByZero, 0)
	}
	return int(otadata.Slot(seq, s.table.apps)), nil
}

// defaultSlot is what an untouched otadata stands for.
func (s *session) defaultSlot() int {
	if s.table.factory.offset != 0 {
		s.log(msgFactoryDefault)
		return emu.SlotFactory
	}
	s.log(msgTryOTA0)
	return 0
}

// fellBack is what an unusable otadata leads to: the search begins at factory
// whether or not there is one.
func (s *session) fellBack() int {
	s.out.Selection.Invalid = true
	if s.table.factory.offset != 0 {
		s.log(msgFellToFactory)
	} else {
		s.log(msgFellToAll)
	}
	return emu.SlotFactory
}
