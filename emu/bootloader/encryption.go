package bootloader

import (
	"math/bits"

	"github.com/bootsim/bootsim/emu"
)

// Encryption is a build's support for flash encryption
// (CONFIG_SECURE_FLASH_ENC_ENABLED) with its options.
type Encryption struct {
	Enabled   Tri  // compiled in
	Permanent Tri  // release mode: FLASH_CRYPT_CNT never goes back
	Required  bool // refuses to encrypt a device itself
	ImageOnly bool // encrypts the image in an app row, not the whole row

	// What download mode may go on doing, and other things left as they are.
	KeepEncrypt, KeepDecrypt, KeepCache, KeepJTAG, KeepBasic, KeepCacheBit bool
}

// leavesCacheBit tells whether DISABLE_CACHE stays writable: where the build says
// so, and where it leaves something on that a later release may want to disable
// (Kconfig.projbuild: selects of SECURE_FLASH_SKIP_WRITE_PROTECTION_CACHE).
func (e *Encryption) leavesCacheBit() bool {
	return e.KeepCacheBit || e.KeepEncrypt || e.KeepCache || e.KeepJTAG
}

// BLOCK0 bits that flash encryption looks at or burns, as words 0, 5 and 6.
const (
	countShift     = 20
	countMask7     = 0x7F
	countMask8     = 0xFF
	protectCount   = 1 << 2  // WR_DIS of FLASH_CRYPT_CNT
	protectCache   = 1 << 3  // WR_DIS of DISABLE_CACHE
	protectKey     = 1 << 7  // WR_DIS of BLOCK1
	hideKey        = 1 << 16 // RD_DIS of BLOCK1
	configShift    = 28
	basicDisable   = 1 << 2
	jtagDisable    = 1 << 6
	encryptDisable = 1 << 7
	decryptDisable = 1 << 8
	cacheDisable   = 1 << 9
)

// CountsEightBits tells whether a bootloader takes FLASH_CRYPT_CNT for eight bits,
// one more than the hardware: versions before v3.0.8, v3.1.5, v3.2.1 and v3.3 do.
func (p Profile) CountsEightBits() bool { return !p.has(featCount7) }

// count is FLASH_CRYPT_CNT as this bootloader takes it.
func (s *session) count() uint32 {
	n := s.dev.Efuses.ReadWord(0, 0) >> countShift
	if s.p.has(featCount7) {
		return n & countMask7
	}
	return n & countMask8
}

// countProtected tells whether the count can no longer change.
func (s *session) countProtected() bool { return s.dev.Efuses.ReadWord(0, 0)&protectCount != 0 }

// encrypted is esp_flash_encryption_enabled.
func (s *session) encrypted() bool { return bits.OnesCount32(s.count())%2 == 1 }

// secure is what happens between loading an app and starting it (spec 2.2, 4.3,
// 7). It tells whether the app may be started.
func (s *session) secure(im *image) (proceed bool, err error) {
	if s.p.SecureBoot != SecureBootNone && s.p.has(featOwnHeaderLate) {
		return false, unmodelled("Secure Boot in bootloaders before v3.1")
	}
	proceed, err = s.beforeEncryption(im)
	if err != nil || !proceed {
		return false, err
	}
	fresh := false
	if s.p.FlashEncryption.Enabled.Or(false) {
		s.log(msgCheckingEncryption)
		if !s.encryptionState() {
			fresh, err = s.encryptDevice(im)
			if err != nil {
				return false, err
			}
			if !fresh {
				return false, s.encryptionFailed()
			}
		}
	}
	if err := s.afterEncryption(im); err != nil {
		return false, err
	}
	if fresh {
		s.log(msgEncryptionReset)
		return false, &halt{end: emu.EndReset}
	}
	return true, nil
}

// beforeEncryption is what Secure Boot does first: all of it in V2 and in the
// first versions of V1, in later ones the digest.
func (s *session) beforeEncryption(im *image) (proceed bool, err error) {
	code := 0
	switch {
	case s.p.SecureBoot == SecureBootV2:
		if code, err = s.enableSigned(im); code != 0 {
			s.refuseBoot(im, msgSignedBootFailed, code)
		}
	case s.p.SecureBoot == SecureBootV1 && s.p.has(featDigestFirst):
		if s.bootEnabled() {
			s.logAs(s.bootTag(), msgDigestUnneeded)
		} else if code, err = s.writeDigest(); code != 0 {
			s.refuseBoot(im, msgDigestFailed, code)
		}
	case s.p.SecureBoot == SecureBootV1:
		return true, s.enableAtOnce()
	}
	return code == 0, err
}

// enableAtOnce enables Secure Boot V1 before flash encryption, and goes on if
// that fails: v3.1 and v3.2.
func (s *session) enableAtOnce() error {
	s.log(msgCheckingBoot)
	if s.bootEnabled() {
		s.logAs(s.bootTag(), msgBootEnabled)
		return nil
	}
	code, err := s.writeDigest()
	if code == 0 && err == nil {
		code, err = s.enableBoot()
	}
	if code != 0 {
		s.log(msgBootNotEnabled, code)
	}
	return err
}

// afterEncryption burns ABS_DONE_0 last, or dies.
func (s *session) afterEncryption(im *image) error {
	if s.p.SecureBoot != SecureBootV1 || !s.p.has(featDigestFirst) {
		return nil
	}
	s.log(msgCheckingBoot)
	if s.bootEnabled() {
		s.logAs(s.bootTag(), msgBootEnabled)
		return nil
	}
	code, err := s.enableBoot()
	if code != 0 {
		s.refuseBoot(im, msgBootFailed, code)
		return s.aborted()
	}
	return err
}

// encryptionFailed goes on with the next slot; v3.0 returned to ROM.
func (s *session) encryptionFailed() error {
	if s.p.has(featOwnHeaderLate) {
		return s.giveUp()
	}
	return nil
}

// encryptionState prints whether flash encryption is on, and how often a
// device could be flashed in plaintext again.
func (s *session) encryptionState() bool {
	word, count, protected := s.dev.Efuses.ReadWord(0, 0), s.count(), s.countProtected()
	s.touchBlock0(fieldCount, fieldCountFixed)
	s.log(msgEncryptionRaw, word)
	if s.p.has(featEfuseBatch) {
		count = uint32(bits.OnesCount32(count))
	}
	s.log(msgEncryptionState, count, boolNumber(protected))
	if !s.encrypted() {
		return false
	}
	left := (7 - bits.OnesCount32(s.count())) / 2
	if protected {
		left = 0
	}
	s.log(msgEncryptionOn, left)
	return true
}

func boolNumber(b bool) int {
	if b {
		return 1
	}
	return 0
}

// refuseEncryption records why a device was not encrypted.
func (s *session) refuseEncryption(im *image, id messageID, args ...any) {
	s.refuse(im.refusal(emu.Refusal{Reason: emu.ReasonFlashEncryption}), id, args...)
}
