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

// secure is what happens between loading an app and starting it (spec 3.1). It
// tells whether the app may be started.
func (s *session) secure(im *image) (proceed bool, err error) {
	if s.p.SecureBoot != SecureBootNone {
		return false, unmodelled("Secure Boot V%d in the bootloader", s.p.SecureBoot)
	}
	if !s.p.FlashEncryption.Enabled.Or(false) {
		return true, nil
	}
	s.log(msgCheckingEncryption)
	if s.encryptionState() {
		return true, nil
	}
	ok, err := s.encryptDevice(im)
	if err != nil {
		return false, err
	}
	if !ok {
		return false, s.encryptionFailed()
	}
	s.log(msgEncryptionReset)
	return false, &halt{end: emu.EndReset}
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
