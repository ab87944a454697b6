package bootloader

import (
	"github.com/bootsim/bootsim/emu/efuse"
)

// enableSigned is esp_secure_boot_v2_permanently_enable: it burns the digest of
// the key that bootloader and app are signed with, and ABS_DONE_1 (spec 7.2).
func (s *session) enableSigned(app *image) (code int, err error) {
	s.log(msgSignedEnabling)
	if s.bootEnabled() {
		s.log(msgSignedEnabled)
		return 0, nil
	}
	if s.p.has(featSignedBatch) {
		s.log(msgBatchOn)
	}
	plan := burnPlan{0: make([]uint32, efuse.Block0Words)}
	step := s.signedKeysOld
	if s.p.has(featEfuseBatch) {
		step = s.signedKeys
	}
	if code, err = step(app, plan); err != nil {
		return 0, err
	}
	if code != 0 {
		if s.p.has(featEfuseBatch) {
			s.log(msgBatchCancelled)
		}
		return code, nil
	}
	return s.blowAbsDone1(plan)
}

// blowAbsDone1 adds ABS_DONE_1 and what goes with it to a plan, and burns it.
func (s *session) blowAbsDone1(plan burnPlan) (code int, err error) {
	s.logAs(s.bootTag(), msgBlowing)
	s.logAs(s.bootTag(), msgBeforeBlowing, s.dev.Efuses.ReadWord(0, 6))
	words := plan[0]
	s.touchSet(fuseBit(6, absDone1))
	words[6] = absDone1 | s.lockDown()
	if s.p.DisableDownload {
		s.logAs(s.featureTag(), msgDownloadOff)
		s.touchSet(fuseBit(0, downloadDisable))
		words[0] |= downloadDisable
	} else {
		s.logAs(s.featureTag(), msgDownloadOn)
	}
	words[0] |= s.readLock()
	for i := range words {
		words[i] &^= s.dev.Efuses.ReadWord(0, i)
	}
	if s.p.has(featEfuseBatch) {
		if code, err = s.commit(plan); code != 0 || err != nil {
			return code, err
		}
		s.log(msgSignedIsOn)
		return 0, nil
	}
	return s.blowOld(plan)
}

// readLock is the bit that keeps further blocks from being hidden. Where flash
// encryption is still to hide its key, it does that itself, afterwards.
func (s *session) readLock() uint32 {
	switch {
	case s.p.AllowReadDisable:
		s.logAs(s.featureTag(), msgReadLockOpen)
		return 0
	case s.p.texts[msgReadLock].text == "", s.p.FlashEncryption.Enabled.Or(false) && !s.encrypted():
		return 0
	}
	s.logAs(s.featureTag(), msgReadLock)
	s.touchSet(fuseBit(0, protectReading))
	return protectReading
}
