package bootloader

import (
	"math/bits"
	"strings"
)

// Places of fields of BLOCK0 that first boots look at, and their widths in bits
// (ESP-IDF components/efuse/esp32/esp_efuse_table.csv).
var (
	fieldCount       = fuseField{0, countShift, 7}
	fieldCountFixed  = fuseBit(0, protectCount)
	fieldCryptConfig = fuseField{5, configShift, 4}
)

// fuseField is a field of BLOCK0.
type fuseField struct{ word, bit, width int }

// fuseBit is the field of one bit.
func fuseBit(word int, mask uint32) fuseField {
	return fuseField{word, bits.TrailingZeros32(mask), 1}
}

// keyFields are the bits that hide a key block and fix it.
func keyFields(block int) (hidden, fixed fuseField) {
	if block == bootBlock {
		return fuseBit(0, hideBootKey), fuseBit(0, protectBootKey)
	}
	return fuseBit(0, hideKey), fuseBit(0, protectKey)
}

// touch prints what the efuse component prints of every field that it reads or
// writes, a line for each register (esp_efuse_utility_process). Versions that
// looked at the registers themselves print nothing.
func (s *session) touch(block int, f fuseField) {
	switch {
	case !s.p.has(featEfuseBatch):
	case strings.HasPrefix(s.p.texts[msgFuseField].text, fuseRange):
		s.log(msgFuseField, block, f.word, f.bit, f.bit+f.width-1, f.width)
	default:
		s.log(msgFuseField, block, f.word, f.width, f.bit)
	}
}

func (s *session) touchBlock0(fields ...fuseField) {
	for _, f := range fields {
		s.touch(0, f)
	}
}

// touchKey is touch for all data of a key block.
func (s *session) touchKey(block int) {
	for word := range s.dev.Efuses.ShownScheme().DataSize() / 4 {
		s.touch(block, fuseField{word, 0, 32})
	}
}

// touchSet is esp_efuse_write_field_bit: it reads the bit, and writes it where
// it is not burnt yet.
func (s *session) touchSet(f fuseField) {
	s.touchBlock0(f)
	if s.dev.Efuses.ReadWord(0, f.word)>>f.bit&1 == 0 {
		s.touchBlock0(f)
	}
}

// touchUnused is esp_efuse_key_block_unused, which stops at the first no.
func (s *session) touchUnused(block int) {
	hidden, fixed := keyFields(block)
	s.touchBlock0(hidden)
	if s.dev.Efuses.KeyReadProtected(block) {
		return
	}
	s.touchBlock0(fixed)
	if s.dev.Efuses.KeyWriteProtected(block) {
		return
	}
	s.touchKey(block)
}

// touchWritten is esp_efuse_write_key.
func (s *session) touchWritten(block int) {
	s.touchUnused(block)
	s.touchKey(block)
	hidden, fixed := keyFields(block)
	s.touchSet(fixed)
	if block != bootBlock {
		s.touchSet(hidden)
	}
}

// touchProtection looks whether a key block that is in use is fixed and hidden,
// as flash encryption does.
func (s *session) touchProtection(block int) {
	hidden, fixed := keyFields(block)
	s.touchBlock0(fixed)
	if s.dev.Efuses.KeyWriteProtected(block) {
		s.touchBlock0(hidden)
	}
}

// touchPreloaded is what enabling Secure Boot V2 asks of a digest that was burnt
// before: hidden, empty, then the protection and the digest itself.
func (s *session) touchPreloaded(digestEmpty bool) {
	hidden, fixed := keyFields(bootBlock)
	s.touchBlock0(hidden)
	if s.dev.Efuses.KeyReadProtected(bootBlock) {
		return
	}
	s.touchKey(bootBlock)
	if digestEmpty {
		return
	}
	s.touchSet(fixed)
	s.touchKey(bootBlock)
}
