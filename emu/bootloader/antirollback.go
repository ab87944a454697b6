package bootloader

import (
	"encoding/binary"
	"math/bits"

	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/efuse"
	"github.com/bootsim/bootsim/flashmodel/espimage"
	"github.com/bootsim/bootsim/flashmodel/otadata"
)

// appDescriptionMagic begins an app description (esp_app_desc_t).
const appDescriptionMagic = espimage.AppDescMagic

// Error numbers of esp_err.h that lines show.
const (
	errFail            = -1
	errInvalidArgument = 0x102
	errNotFound        = 0x105
)

// secureVersionWord is the word of BLOCK3 that holds SECURE_VERSION.
const secureVersionWord = 4

// deviceVersion is the secure version burnt: the number of ones.
func (s *session) deviceVersion() uint32 {
	return uint32(bits.OnesCount32(s.dev.Efuses.ReadWord(3, secureVersionWord)))
}

// chooseByVersion is chooseByState of anti-rollback builds: an entry counts
// only if the app of its slot is new enough (spec 2.5).
func (s *session) chooseByVersion(pair otadata.Pair) (int, error) {
	s.log(msgAntiRollback)
	s.log(msgSecureVersion, s.deviceVersion())
	if pair.Initial() {
		s.log(msgInitialState)
		s.initial = true
		return emu.SlotFactory, nil
	}
	var ok [2]bool
	for i, e := range pair {
		if !otadata.EraState.Good(e) {
			continue
		}
		slot, err := s.slotOf(e.Seq)
		if err != nil {
			return 0, err
		}
		if ok[i] = s.versionAllowed(s.table.ota[slot&(maxSlots-1)], slot); !ok[i] {
			s.log(msgVersionTooLow, slot)
		}
	}
	return s.activate(pair, s.active(pair, ok[0], ok[1]))
}

// versionAllowed is check_anti_rollback: true without anti-rollback.
func (s *session) versionAllowed(p place, slot int) bool {
	if !s.p.antiRollback() {
		return true
	}
	version, code := s.appVersion(p)
	if code != 0 {
		s.refuse(emu.Refusal{Reason: emu.ReasonAppDescription, Slot: slot, Label: p.label, Offset: p.offset, Row: p.row},
			msgNoDescription, code)
		return false
	}
	if want := s.deviceVersion(); version < want {
		s.out.Refusals = append(s.out.Refusals, emu.Refusal{Reason: emu.ReasonAppSecureVersion, Slot: slot,
			Label: p.label, Offset: p.offset, Row: p.row, Want: uint64(want), Got: uint64(version)})
		return false
	}
	return true
}

// appVersion reads secure_version from the description of the app in a
// partition. A code other than 0 is the error.
func (s *session) appVersion(p place) (version uint32, code int) {
	const at = espimage.HeaderSize + segmentHeaderSize
	if p.offset == 0 {
		return 0, errInvalidArgument
	}
	size := uint32(at + espimage.AppDescSize)
	if s.p.has(featMapsDescription) {
		size = p.size
	}
	if !s.mapped(p.offset, size) {
		s.log(msgMapFailed, p.offset, size)
		return 0, errFail
	}
	var b [8]byte
	s.cache.Read(p.offset+at, b[:])
	s.unmapped()
	if le32(b[:]) != appDescriptionMagic {
		return 0, errNotFound
	}
	return binary.LittleEndian.Uint32(b[4:]), 0
}

// raiseSecureVersion burns the version of a slot's app (esp_efuse_update_secure_version).
func (s *session) raiseSecureVersion(p place) error {
	version, code := s.appVersion(p)
	switch have := s.deviceVersion(); {
	case code != 0:
		s.log(msgNoDescription, code)
	case version > 32:
		s.log(msgVersionLimit, 32, version)
	case s.dev.Efuses.ShownScheme() != efuse.CodingNone:
		s.log(msgVersionCoding)
	case have < version:
		words := make([]uint32, secureVersionWord+1)
		words[secureVersionWord] = uint32(1<<version - 1<<have)
		if _, err := s.burnBlocks(burnPlan{3: words}); err != nil {
			return err
		}
		s.log(msgVersionRaised, version)
	case have > version:
		s.log(msgVersionLower, have)
	}
	return nil
}

// imageVersion compares secure_version once more, with what the image said
// while it was loaded. It refuses without a word.
func (s *session) imageVersion(im *image) error {
	if !im.load || !s.p.antiRollback() || !s.p.has(featRechecksVersion) || im.secureVersion >= s.deviceVersion() {
		return nil
	}
	s.out.Refusals = append(s.out.Refusals, im.refusal(emu.Refusal{Reason: emu.ReasonAppSecureVersion,
		Want: uint64(s.deviceVersion()), Got: uint64(im.secureVersion)}))
	return errRefused
}
