package bootloader

import "math/bits"

// encryptDevice encrypts a device at its first boot, or after it was flashed
// in plaintext again (spec 4.3). ok is false where that failed; why is printed
// and recorded.
func (s *session) encryptDevice(im *image) (ok bool, err error) {
	if s.p.FlashEncryption.Required {
		s.refuseEncryption(im, msgRequireEnabled)
		s.logCheckFailed(errInvalidState)
		return false, nil
	}
	if s.p.has(featEncryptInit) {
		s.touchBlock0(fieldCountFixed)
		if s.countProtected() { // the count of the line that says so
			s.touchBlock0(fieldCount)
		}
	}
	if s.countClosed() {
		s.refuseEncryption(im, msgReencryptRefused, s.shownCount(), boolNumber(s.countProtected()))
		s.logCheckFailed(errFail)
		return false, nil
	}
	for _, phase := range []struct {
		run    func() (code int, err error)
		failed messageID
	}{
		{s.encryptionKeys, msgKeyInitFailed}, {s.encryptContents, msgContentsFailed}, {s.raiseCount, msgEnablingFailed},
	} {
		code, err := phase.run()
		if err != nil {
			return false, err
		}
		if code != 0 {
			s.phaseFailed(im, phase.failed, code)
			return false, nil
		}
	}
	return true, nil
}

// phaseFailed prints how a phase failed: by a line of its own, or by one for
// all of them.
func (s *session) phaseFailed(im *image, failed messageID, code int) {
	if !s.p.has(featEncryptInit) {
		failed = msgEncryptionFailed
	}
	s.refuseEncryption(im, failed, code)
}

// logCheckFailed prints the outer line of versions that have one for every
// failure.
func (s *session) logCheckFailed(code int) {
	if !s.p.has(featEncryptInit) {
		s.log(msgEncryptionFailed, code)
	}
}

// countClosed tells whether flash encryption can never be switched on again.
func (s *session) countClosed() bool {
	return s.countProtected() || s.p.has(featStackLimitDRAM) && !s.p.has(featEfuseBatch) && s.count() == countMask8
}

// shownCount is FLASH_CRYPT_CNT as lines show it: as it stands, or the number
// of bits that are set.
func (s *session) shownCount() uint32 {
	if s.p.has(featEfuseBatch) {
		return uint32(bits.OnesCount32(s.count()))
	}
	return s.count()
}

// raiseCount sets the next bit of FLASH_CRYPT_CNT, or all of them, and with
// that switches flash encryption on.
func (s *session) raiseCount() (code int, err error) {
	if s.p.has(featEncryptInit) {
		s.touchBlock0(fieldCountFixed, fieldCount)
	}
	now := s.count()
	next := now | 1<<bits.TrailingZeros32(^now)
	permanent := s.p.FlashEncryption.Permanent.Or(false)
	full := permanent && s.p.has(featCountFull)
	if full {
		next = countMask7
	}
	words := []uint32{(next &^ now) << countShift}
	s.logCount(now, next, permanent)
	if permanent && !full && s.p.has(featCountProtect) {
		words[0] |= protectCount
	}
	if s.p.has(featEfuseBatch) {
		s.touchBlock0(fieldCount)
		code, err = s.burnBlocks(burnPlan{0: words})
	} else {
		err = s.burnQuietly(burnPlan{0: words})
	}
	s.log(msgEncryptionDone)
	return code, err
}

// logCount prints what becomes of FLASH_CRYPT_CNT.
func (s *session) logCount(now, next uint32, permanent bool) {
	change := func() { s.log(msgCountChange, now, next) }
	if s.p.has(featEfuseBatch) {
		change = func() { s.log(msgCountChange, bits.OnesCount32(now), bits.OnesCount32(next&^now)) }
	}
	if !s.p.has(featCountFull) {
		change()
		if permanent {
			s.log(msgCountProtect)
		} else {
			s.log(msgCountPlaintext)
		}
		return
	}
	switch {
	case permanent:
		s.log(msgCountPermanent)
	case next != countMask7:
		s.log(msgCountPlaintext)
	}
	change()
}

// These are error numbers of esp_err.h.
const (
	errInvalidArg   = 0x102
	errInvalidState = 0x103
	errInvalidSize  = 0x104
	errNotSupported = 0x106
)
