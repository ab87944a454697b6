package bootloader

import "github.com/bootsim/bootsim/emu/efuse"

// encryptionKeys prepares the eFuses of flash encryption: key, CRYPT_CONFIG,
// and what download mode may no longer do.
func (s *session) encryptionKeys() (code int, err error) {
	if s.p.has(featEncryptInit) {
		s.touchBlock0(fieldCount)
	}
	if s.count() != 0 {
		return 0, nil
	}
	if s.p.has(featEfuseBatch) {
		return s.keysInBatch()
	}
	return s.keysByRegister()
}

// keysByRegister burns through the controller's registers, one after the other
// or, from v4.1 on, all at once.
func (s *session) keysByRegister() (code int, err error) {
	if s.codingRefused() {
		s.log(msgCoding, int(s.dev.Efuses.ShownScheme()))
		return errNotSupported, nil
	}
	all := burnPlan{0: make([]uint32, 7)}
	var steps []burnPlan
	switch s.keyState() {
	case keyUnset:
		s.log(msgKeyGenerating)
		s.log(msgKeyProtecting)
		key := s.drawnKey()
		all[1], all[0][0] = key, protectKey|hideKey
		steps = append(steps, burnPlan{1: key}, burnPlan{0: {protectKey | hideKey}})
	case keyOpen:
		s.log(msgKeyState)
		return errInvalidState, nil
	default:
		s.log(msgKeyPreloaded)
	}
	s.log(msgCryptConfig)
	all[0][5], all[0][6] = 0xF<<configShift, s.featuresToDisable()
	all[0][0] |= s.lateReadLock()
	if s.p.has(featBurnsTogether) {
		return 0, s.burnQuietly(all)
	}
	steps = append(steps, burnPlan{0: {5: all[0][5]}}, burnPlan{0: {6: all[0][6]}})
	for _, p := range steps {
		if err := s.burnQuietly(p); err != nil {
			return 0, err
		}
	}
	return 0, nil
}

// keysInBatch burns through the efuse component, all at once.
func (s *session) keysInBatch() (code int, err error) {
	s.log(msgBatchOn)
	words := make([]uint32, 7)
	plan := burnPlan{0: words}
	if s.dev.Efuses.ShownScheme() == efuse.CodingRepeat {
		s.log(msgCoding, int(efuse.CodingRepeat))
		s.log(msgBatchCancelled)
		return errNotSupported, nil
	}
	s.touchUnused(1)
	switch s.keyState() {
	case keyUnset:
		s.log(msgKeyGenerating)
		s.log(msgKeyComplete)
		s.log(msgKeyWriting, 0, keyPurposeEncryption)
		s.touchWritten(1)
		plan[1], words[0] = s.drawnKey(), protectKey|hideKey
	case keyOpen:
		s.touchProtection(1)
		s.log(msgKeyState)
		s.log(msgBatchCancelled)
		return errInvalidState, nil
	default:
		s.touchProtection(1)
		s.log(msgKeyPreloaded)
	}
	s.planFeatures(words)
	code, err = s.burnBlocks(plan)
	s.log(msgBatchDone)
	if code != 0 {
		s.log(msgProgrammingFailed, code)
	}
	return code, err
}

// planFeatures asks for what is not burnt yet.
func (s *session) planFeatures(words []uint32) {
	s.log(msgCryptConfig)
	s.touchBlock0(fieldCryptConfig)
	switch config := s.dev.Efuses.ReadWord(0, 5) >> configShift; config {
	case 0:
		s.touchBlock0(fieldCryptConfig)
		words[5] = 0xF << configShift
	case 0xF:
	default:
		s.log(msgCryptConfigWrong, config)
	}
	words[6] = s.featuresToDisable() &^ s.dev.Efuses.ReadWord(0, 6)
	words[0] |= s.lateReadLock() &^ s.dev.Efuses.ReadWord(0, 0)
	if s.p.has(featProtectsCacheBit) && !s.p.FlashEncryption.leavesCacheBit() {
		s.touchSet(fuseBit(0, protectCache))
		words[0] |= protectCache &^ s.dev.Efuses.ReadWord(0, 0)
	}
}

// lateReadLock is the bit that Secure Boot V2 left to flash encryption, which
// had to hide its key first.
func (s *session) lateReadLock() uint32 {
	if s.p.SecureBoot != SecureBootV2 || s.p.AllowReadDisable || s.p.texts[msgReadLock].text == "" {
		return 0
	}
	s.touchSet(fuseBit(0, protectReading))
	return protectReading
}

// keyPurposeEncryption is ESP_EFUSE_KEY_PURPOSE_FLASH_ENCRYPTION.
const keyPurposeEncryption = 2

// keyCondition is what a key block holds as far as a bootloader can tell.
type keyCondition uint8

const (
	keyUnset     keyCondition = iota // empty and open
	keyOpen                          // holds something, but not protected both ways
	keyProtected                     // a key
)

func (s *session) keyState() keyCondition { return s.keyStateOf(1) }

func (s *session) keyStateOf(block int) keyCondition {
	hidden, fixed := s.dev.Efuses.KeyReadProtected(block), s.dev.Efuses.KeyWriteProtected(block)
	if hidden && fixed {
		return keyProtected
	}
	for i := range efuse.BlockSize / 4 {
		if s.dev.Efuses.ReadWord(block, i) != 0 || hidden || fixed {
			return keyOpen
		}
	}
	return keyUnset
}

// codingRefused tells whether flash encryption refuses the chip's coding scheme.
func (s *session) codingRefused() bool {
	scheme := s.dev.Efuses.ShownScheme()
	switch {
	case s.p.has(featCodingChecked):
		return scheme == efuse.CodingRepeat || scheme == efuse.CodingNoneRecovery
	case s.p.has(featCoding34Refused):
		return scheme != efuse.CodingNone
	}
	return false
}

// drawnKey is the flash encryption key that the chip draws.
func (s *session) drawnKey() []uint32 {
	return wordsOf(s.drawn("flash encryption key drawn by ", s.dev.Efuses.ShownScheme().DataSize(), s.draws().FlashKey))
}

// featuresToDisable prints what becomes of features of download mode and the
// like, and returns the bits of BLOCK0 word 6 to burn.
func (s *session) featuresToDisable() (bits uint32) {
	f := &s.p.FlashEncryption
	download := []option{
		{f.KeepEncrypt, encryptDisable, msgKeepEncrypt, msgDisableEncrypt},
		{f.KeepDecrypt, decryptDisable, msgKeepDecrypt, msgDisableDecrypt},
		{f.KeepCache, cacheDisable, msgKeepCache, msgDisableCache},
	}
	return s.disabled(append(download, s.chipOptions()...), func(id messageID) { s.log(id) })
}

// option is a feature that a first boot disables, unless the build keeps it.
type option struct {
	keep          bool
	bit           uint32 // of BLOCK0 word 6
	kept, disable messageID
}

// chipOptions are the features that flash encryption and Secure Boot disable
// alike.
func (s *session) chipOptions() []option {
	f := &s.p.FlashEncryption
	return []option{
		{f.KeepJTAG, jtagDisable, msgKeepJTAG, msgDisableJTAG},
		{f.KeepBasic, basicDisable, msgKeepBasic, msgDisableBasic},
	}
}

// disabled prints what becomes of features and returns the bits of those that
// are disabled.
func (s *session) disabled(options []option, log func(messageID)) (bits uint32) {
	for _, o := range options {
		if o.keep {
			log(o.kept)
			continue
		}
		log(o.disable)
		s.touchSet(fuseBit(6, o.bit))
		bits |= o.bit
	}
	return bits
}
