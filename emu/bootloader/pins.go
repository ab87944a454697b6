package bootloader

import (
	"bytes"
	"strings"

	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/flashmodel"
	"github.com/bootsim/bootsim/flashmodel/parttable"
)

// selectSlot is selected_boot_partition: otadata's choice, unless a pin overrules
// it (spec 2.7).
func (s *session) selectSlot() (int, error) {
	slot, err := s.choose()
	if err != nil || s.pinsIgnored() {
		return slot, err
	}
	if f := s.p.FactoryReset; f != nil && s.dev.FactoryResetHeld {
		if err := s.factoryReset(f); err != nil {
			return 0, err
		}
		return s.choose()
	}
	if s.p.TestApp && s.dev.TestAppHeld {
		return s.requestTest()
	}
	return slot, nil
}

// pinsIgnored tells whether this is a wake-up, on which later versions do not
// look at the pins.
func (s *session) pinsIgnored() bool {
	return s.dev.Cause == emu.ResetDeepSleep && s.p.has(featPinsNotOnWake)
}

func (s *session) requestTest() (int, error) {
	s.log(msgTestRequest)
	if s.table.test.offset != 0 {
		return s.chosen(emu.SlotTest), nil
	}
	s.refuse(emu.Refusal{Reason: emu.ReasonNoTestApp, Slot: emu.SlotTest}, msgTestMissing)
	return 0, s.giveUp()
}

// factoryReset erases data partitions.
func (s *session) factoryReset(f *FactoryReset) error {
	s.log(msgFactoryReset)
	s.log(msgEraseList, f.Labels)
	raw := tableBytes{from: &s.cache, at: s.p.TableOffset}
	s.mapped(s.p.TableOffset, parttable.MaxLength)
	raw.whole() // before any of it is erased
	rows, ok := s.verifyTable(&raw, true)
	if !ok {
		s.log(msgEraseFailed)
		return nil
	}
	s.log(msgEraseHead)
	for i := range rows {
		e := raw.row(i).Entry
		if e.Type != parttable.TypeData {
			continue
		}
		mark, err := s.eraseData(f, e)
		if err != nil {
			return err
		}
		s.log(msgEraseRow, i, raw.label(i), e.Offset, e.Size, mark)
	}
	s.unmapped()
	return nil
}

// eraseData erases a data partition that the reset names and returns what the
// table of the reset prints about it.
func (s *session) eraseData(f *FactoryReset, e parttable.Entry) (string, error) {
	chosen := f.EraseOTAData && e.Subtype == parttable.SubtypeOTAData || listed(f.Labels, e)
	if !chosen {
		return "no", nil
	}
	if e.Offset%flashmodel.SectorSize != 0 || e.Size%flashmodel.SectorSize != 0 {
		return "err", nil
	}
	if err := s.dev.Flash.EraseRange(e.Offset, e.Size); err != nil {
		return "", stopped(err)
	}
	return "yes", nil
}

// listed tells whether a label is one of those in a list, which commas and
// blanks separate.
func listed(list string, e parttable.Entry) bool {
	label, _, _ := bytes.Cut(e.Label[:], []byte{0})
	for _, l := range strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ' ' }) {
		if l == string(label) {
			return true
		}
	}
	return false
}
