package bootloader

import (
	"crypto/sha256"

	"github.com/bootsim/bootsim/emu/efuse"
	"github.com/bootsim/bootsim/emu/rom"
	"github.com/bootsim/bootsim/flashmodel/espimage"
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
	words[6] = absDone1 | s.lockDown()
	if s.p.DisableDownload {
		s.logAs(s.featureTag(), msgDownloadOff)
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

// blowOld burns as versions did that look afterwards whether it helped.
func (s *session) blowOld(plan burnPlan) (code int, err error) {
	if s.p.has(featSignedBatch) {
		_, err = s.burnBlocks(plan) // the code is not handed on
		s.log(msgBatchDone)
	} else {
		err = s.burnQuietly(plan)
	}
	if err != nil {
		return 0, err
	}
	s.log(msgAfterSigned, s.dev.Efuses.ReadWord(0, 0), s.dev.Efuses.ReadWord(0, 6))
	if !s.bootEnabled() {
		s.complain(msgSignedIsOff)
		return errInvalidState, nil
	}
	s.log(msgSignedIsOn)
	return 0, nil
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
	return protectReading
}

// signedKeys checks that bootloader and app are signed with the key in BLOCK2,
// or plans to burn the bootloader's (check_and_generate_secure_boot_keys).
func (s *session) signedKeys(app *image, plan burnPlan) (code int, err error) {
	e := s.dev.Efuses
	if scheme := e.CodingScheme(); scheme == efuse.Coding34 || scheme == efuse.CodingRepeat {
		s.complain(msgSignedCoding, int(scheme))
		return errNotSupported, nil
	}
	own, code, err := s.verifiedOwnImage()
	if code != 0 || err != nil {
		return code, err
	}
	digest := rom.TrustedDigest(e)
	if s.keyStateOf(bootBlock) == keyUnset {
		s.log(msgDigestState, "absent, generating..")
		digest = s.calculated(own)
		s.log(msgBlocksOfBoot, 1)
		s.log(msgBurningDigest)
		s.log(msgKeyWriting, bootBlock-1, keyPurposeSecureBoot)
		plan[bootBlock] = wordsOf(digest[:])
	} else if code := s.preloadedDigest(digest); code != 0 {
		return code, nil
	}
	plan[0][0] |= protectBootKey
	signer := s.calculated(app)
	s.log(msgBlocksOfApp, 1)
	if signer != digest {
		s.complain(msgKeysDiffer)
		return errFail, nil
	}
	s.log(msgKeysMatch, 0, 0)
	return 0, nil
}

// keyPurposeSecureBoot is ESP_EFUSE_KEY_PURPOSE_SECURE_BOOT_V2.
const keyPurposeSecureBoot = 3

// preloadedDigest judges a block that is in use.
func (s *session) preloadedDigest(digest [sha256.Size]byte) (code int) {
	s.log(msgDigestState, "already present")
	switch {
	case s.dev.Efuses.KeyReadProtected(bootBlock):
		s.complain(msgDigestHidden, bootBlock)
		return errFail
	case digest == [sha256.Size]byte{}:
		s.complain(msgDigestBlank, bootBlock)
		return errFail
	}
	s.log(msgDigestPreloaded)
	return 0
}

// calculated is the digest of the key that a verified image is signed with.
func (s *session) calculated(im *image) [sha256.Size]byte {
	at := im.offset + im.length - signatureV2
	s.log(msgCalculating, im.offset, at)
	s.mapped(im.offset, at-im.offset)
	s.unmapped()
	s.log(msgReadingBlock)
	sector := make([]byte, signatureV2)
	s.view(at, sector)
	block, _ := espimage.DecodeSignatureV2(sector)
	s.log(msgBlockValid)
	s.log(msgBlockFound, 0)
	s.log(msgBlockVerified, 0)
	s.log(msgDigestsCounted, 1, im.offset)
	return sha256.Sum256(block.PublicKey)
}

// signedKeysOld is signedKeys of v4.1 to v4.3. The first of them did not read a
// digest that was burnt before, and compared the app's key with whatever was on
// the stack.
func (s *session) signedKeysOld(app *image, plan burnPlan) (code int, err error) {
	e := s.dev.Efuses
	if scheme := e.CodingScheme(); scheme != efuse.CodingNone {
		s.complain(msgSignedCoding, int(scheme))
		return errNotSupported, nil
	}
	own, code, err := s.verifiedOwnImage()
	if code != 0 || err != nil {
		return code, err
	}
	hidden, fixed, reads := e.KeyReadProtected(bootBlock), e.KeyWriteProtected(bootBlock), s.p.has(featPreloadedRead)
	if reads && hidden {
		s.complain(msgDigestHidden)
		return errFail, nil
	}
	digest, known := rom.TrustedDigest(e), reads
	fresh := !fixed && !hidden && digest == [sha256.Size]byte{}
	if fresh {
		digest, known = s.calculated(own), true
		s.log(msgBurningDigest)
		plan[bootBlock] = wordsOf(digest[:])
	} else {
		s.log(msgDigestPreloaded)
	}
	if !fixed && (fresh || reads) {
		s.log(msgDigestProtect)
		plan[0][0] |= protectBootKey
		fixed = true
	}
	if signer := s.calculated(app); !known || signer != digest {
		s.complain(msgKeysDiffer)
		return errFail, nil
	}
	return s.blockOpen(hidden, fixed), nil
}

// blockOpen is the last look of the oldest versions at a block that was burnt before.
func (s *session) blockOpen(hidden, fixed bool) (code int) {
	switch {
	case hidden:
		s.complain(msgDigestClosed)
		return errInvalidState
	case !fixed:
		s.complain(msgDigestOpen)
		return errInvalidState
	}
	return 0
}
