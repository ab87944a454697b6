package bootloader

import (
	"errors"

	"github.com/bootsim/bootsim/emu"
)

// loadApp tries slots in the order of spec 2.6: from the chosen one down to
// factory, then the higher slots, then test. It returns how the boot ended.
func (s *session) loadApp(chosen int) error {
	if chosen == emu.SlotTest {
		return s.loadTest()
	}
	for slot := chosen; slot >= emu.SlotFactory; slot-- {
		if err := s.trySlot(slot); err != nil {
			return err
		}
	}
	for slot := chosen + 1; slot < int(min(s.table.apps, maxSlots)); slot++ {
		if err := s.trySlot(slot); err != nil {
			return err
		}
	}
	return s.loadLastResort()
}

// loadTest is the order when a pin asks for the test app: nothing else is tried.
func (s *session) loadTest() error {
	im, err := s.tryPartition(s.table.test, emu.SlotTest, s.p.has(featTestNeedsVersion))
	if err != nil {
		return err
	}
	if im != nil {
		if err := s.handOver(im); err != nil {
			return err
		}
	}
	s.refuse(emu.Refusal{Reason: emu.ReasonNoApps, Slot: emu.SlotTest}, msgTestBad)
	return s.giveUp()
}

// trySlot tries one slot. It returns nil when the search goes on.
func (s *session) trySlot(slot int) error {
	p := s.table.slot(slot)
	if p.size == 0 {
		return nil
	}
	s.log(msgTrying, slot, p.offset, p.size)
	im, err := s.tryPartition(p, slot, true)
	if err != nil {
		return err
	}
	if im != nil {
		if err := s.setActual(slot); err != nil {
			return err
		}
		if err := s.handOver(im); err != nil {
			return err
		}
	}
	if slot == emu.SlotFactory {
		s.log(msgFactoryBad, notBootable)
	} else {
		s.log(msgSlotBad, slot, notBootable)
	}
	return nil
}

// notBootable ends the lines about slots that were tried in vain.
const notBootable = " is not bootable"

// loadLastResort tries the test app and then gives up.
func (s *session) loadLastResort() error {
	im, err := s.tryPartition(s.table.test, emu.SlotTest, s.p.has(featTestNeedsVersion))
	if err != nil {
		return err
	}
	if im != nil {
		s.log(msgTestFallback)
		if err := s.handOver(im); err != nil {
			return err
		}
	}
	s.refuse(emu.Refusal{Reason: emu.ReasonNoApps, Slot: emu.SlotNone}, msgNoApps)
	return s.giveUp()
}

// tryPartition loads the app of a partition (try_load_partition). A nil image
// without error is one that was refused.
func (s *session) tryPartition(p place, slot int, versioned bool) (*image, error) {
	if versioned && !s.versionAllowed(p, slot) {
		return nil, nil
	}
	if p.size == 0 {
		s.log(msgZeroLength)
		return nil, nil
	}
	im := &s.tried
	*im = image{place: p, slot: slot, load: true, check: s.validates()}
	err := s.recalled(stepImage, (*session).loadImage, im)
	s.overEntry = s.overEntry || im.overEntry
	if err != nil {
		if errors.Is(err, errRefused) {
			return nil, nil
		}
		return nil, err
	}
	s.log(msgLoaded, p.offset)
	return im, nil
}

// validates tells whether apps are verified before they are started.
func (s *session) validates() bool {
	if s.p.SecureBoot != SecureBootNone {
		return true
	}
	switch s.p.SkipValidate {
	case SkipAlways:
		return false
	case SkipOnPowerOn:
		return s.dev.Cause != emu.ResetPowerOn
	}
	return true
}
