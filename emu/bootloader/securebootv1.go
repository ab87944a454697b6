package bootloader

import (
	"crypto/sha256"

	"github.com/bootsim/bootsim/emu/efuse"
	"github.com/bootsim/bootsim/flashmodel"
	"github.com/bootsim/bootsim/flashmodel/secureboot"
)

// writeDigest generates the key of Secure Boot V1 where none is burnt, and
// writes IV and digest of the bootloader to sector 0 (spec 7.1, 7.3).
func (s *session) writeDigest() (code int, err error) {
	if s.digestCodingRefused() {
		s.complain(msgBootCoding, int(s.dev.Efuses.ShownScheme()))
		return errNotSupported, nil
	}
	own, code, err := s.verifiedOwnImage()
	if code != 0 || err != nil {
		return code, err
	}
	if err := s.bootKey(); err != nil {
		return 0, err
	}
	s.logAs(s.bootTag(), msgDigestNew)
	length := own.length
	if own.header.HashAppended != 0 && s.p.has(featDigestNoHash) {
		length -= sha256.Size
	}
	code, err = s.generateDigest(length)
	switch {
	case err != nil:
		return 0, err
	case code != 0:
		s.complain(msgDigestBroken)
		return code, nil
	}
	s.logAs(s.bootTag(), msgDigestDone)
	return 0, nil
}

// digestCodingRefused tells whether Secure Boot V1 refuses the chip's coding scheme.
func (s *session) digestCodingRefused() bool {
	scheme := s.dev.Efuses.ShownScheme()
	return s.p.has(featCodingChecked) &&
		(scheme == efuse.CodingRepeat || scheme == efuse.CodingNoneRecovery && !s.p.has(featEfuseBatch))
}

// bootKey burns a key that the chip draws, unless BLOCK2 is in use. The first
// versions protect it at once.
func (s *session) bootKey() error {
	hidden, fixed := keyFields(bootBlock)
	s.touchBlock0(fixed, hidden)
	s.touchKey(bootBlock)
	if s.keyStateOf(bootBlock) != keyUnset {
		s.logAs(s.bootTag(), msgBootKeyPreloaded)
		return nil
	}
	s.logAs(s.bootTag(), msgBootKeyNew)
	if err := s.burnBootKey(); err != nil || s.p.has(featDigestFirst) {
		return err
	}
	s.logAs(s.bootTag(), msgBootKeyProtect)
	return s.burnQuietly(burnPlan{0: {protectBootKey | hideBootKey}})
}

// burnBootKey burns BLOCK2. Before coding schemes were looked at, all 32 bytes
// were burnt as they are.
func (s *session) burnBootKey() error {
	const purpose = "secure boot key drawn by "
	if !s.p.has(featCodingChecked) {
		return stopped(s.dev.Efuses.Burn(bootBlock, wordsOf(s.drawn(purpose, efuse.BlockSize, s.draws().BootKey))))
	}
	plan := burnPlan{bootBlock: wordsOf(s.drawn(purpose, s.dev.Efuses.ShownScheme().DataSize(), s.draws().BootKey))}
	if s.p.has(featEfuseBatch) {
		s.touchKey(bootBlock)
		_, err := s.burnBlocks(plan) // the code is not looked at
		return err
	}
	return s.burnQuietly(plan)
}

// generateDigest is secure_boot_generate: whole blocks of the bootloader as the
// cache shows it, written encrypted where flash encryption is on.
func (s *session) generateDigest(length uint32) (code int, err error) {
	key := s.dev.Efuses.HardwareBootKey()
	if key.IsZero() && s.dev.Efuses.KeyReadProtected(bootBlock) {
		return 0, unmodelled("the digest of Secure Boot V1: the key in BLOCK2 is not known")
	}
	sector := secureboot.V1Sector{IV: [secureboot.V1IVSize]byte(s.drawn("secure boot IV drawn by ", secureboot.V1IVSize, s.draws().BootIV))}
	if err := stopped(s.dev.Flash.Erase(0, flashmodel.OpEraseSector)); err != nil {
		return 0, err
	}
	covered := make([]byte, (length+secureboot.V1BlockSize-1)/secureboot.V1BlockSize*secureboot.V1BlockSize)
	if !s.view(ImageAddress, covered) {
		s.logAs(s.bootTag(), msgDigestUnmapped, uint32(len(covered)))
		return errFail, nil
	}
	sector.Digest = secureboot.V1Digest(key, sector.IV[:], covered)
	s.logAs(s.bootTag(), msgDigestWrite)
	return 0, s.write(0, sector.Encode()[:secureboot.V1IVSize+secureboot.V1DigestSize])
}

// enableBoot burns ABS_DONE_0, and the key's protection where that is still to do.
func (s *session) enableBoot() (code int, err error) {
	if s.p.has(featEfuseBatch) {
		return s.enableInBatch()
	}
	hidden, fixed := s.dev.Efuses.KeyReadProtected(bootBlock), s.dev.Efuses.KeyWriteProtected(bootBlock)
	words := make([]uint32, efuse.Block0Words)
	if s.p.has(featDigestFirst) && !hidden && !fixed {
		s.logAs(s.bootTag(), msgBootKeyProtect)
		words[0], hidden, fixed = protectBootKey|hideBootKey, true, true
	}
	switch {
	case !hidden:
		s.complain(msgKeyReadable)
		return errInvalidState, nil
	case !fixed:
		s.complain(msgKeyWritable)
		return errInvalidState, nil
	}
	if !s.p.has(featBootBurnsTogether) {
		if err := s.burnQuietly(burnPlan{0: {words[0]}}); err != nil {
			return 0, err
		}
		words[0] = 0
	}
	return s.blowAbsDone0(words)
}

// blowAbsDone0 burns through the controller's registers.
func (s *session) blowAbsDone0(words []uint32) (code int, err error) {
	tag := s.bootTag()
	s.logAs(tag, msgBlowing)
	s.logAs(tag, msgBeforeBlowing, s.dev.Efuses.ReadWord(0, 6))
	words[6] = absDone0 | s.lockDown()
	if err := s.burnQuietly(burnPlan{0: words}); err != nil {
		return 0, err
	}
	s.logAs(tag, msgAfterBlowing, s.dev.Efuses.ReadWord(0, 6))
	if !s.bootEnabled() {
		s.complain(msgBootIsOff)
		return errInvalidState, nil
	}
	s.logAs(tag, msgBootIsOn)
	return 0, nil
}

// enableInBatch burns through the efuse component, all at once.
func (s *session) enableInBatch() (code int, err error) {
	e := s.dev.Efuses
	hide, fix := keyFields(bootBlock)
	s.touchBlock0(hide, fix)
	if hidden := e.KeyReadProtected(bootBlock); hidden != e.KeyWriteProtected(bootBlock) {
		read, write := "read,", "write"
		if hidden {
			read, write = " ", " "
		}
		s.complain(msgKeyHalfOpen, read, write)
		return errInvalidState, nil
	}
	s.log(msgBatchOn)
	s.logAs(s.bootTag(), msgBlowing)
	s.logAs(s.featureTag(), msgBootKeyProtect)
	s.touchSet(hide)
	s.touchSet(fix)
	s.touchSet(fuseBit(6, absDone0))
	words := make([]uint32, efuse.Block0Words)
	words[0] = (protectBootKey | hideBootKey) &^ e.ReadWord(0, 0)
	words[6] = (absDone0 | s.lockDown()) &^ e.ReadWord(0, 6)
	code, err = s.commit(burnPlan{0: words})
	if code != 0 || err != nil {
		return code, err
	}
	s.logAs(s.bootTag(), msgBootIsOn)
	return 0, nil
}

// commit burns a batch of Secure Boot, which ends in an assertion.
func (s *session) commit(plan burnPlan) (code int, err error) {
	code, err = s.burnBlocks(plan)
	s.log(msgBatchDone)
	switch {
	case err != nil:
		return 0, err
	case code != 0:
		s.complain(msgBootProgramming, code)
		return code, nil
	case !s.bootEnabled():
		return 0, s.asserted("esp_secure_boot_permanently_enable", "esp_secure_boot_enabled()")
	}
	return 0, nil
}
