package bootloader

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"slices"

	"github.com/bootsim/bootsim/emu"
)

// BLOCK0 bits that Secure Boot looks at or burns, as words 0 and 6.
const (
	protectReading  = 1 << 0  // WR_DIS of RD_DIS
	protectBootKey  = 1 << 8  // WR_DIS of BLOCK2
	hideBootKey     = 1 << 17 // RD_DIS of BLOCK2
	downloadDisable = 1 << 27
	absDone0        = 1 << 4
	absDone1        = 1 << 5
)

// bootBlock is the eFuse block of Secure Boot.
const bootBlock = 2

// errImageInvalid is ESP_ERR_IMAGE_INVALID.
const errImageInvalid = 0x2002

// bootEnabled is esp_secure_boot_enabled.
func (s *session) bootEnabled() bool {
	if s.p.SecureBoot == SecureBootV1 {
		return s.dev.Efuses.AbsDone0()
	}
	return s.dev.Efuses.AbsDone1()
}

// bootTag is the tag that enabling Secure Boot logs under.
func (s *session) bootTag() string {
	switch {
	case s.p.SecureBoot == SecureBootV2:
		return "secure_boot_v2"
	case s.p.has(featTagByScheme):
		return "secure_boot_v1"
	}
	return "secure_boot"
}

// featureTag is the tag of what is disabled on the way.
func (s *session) featureTag() string {
	if s.p.has(featEfuseBatch) {
		return "secure_boot"
	}
	return s.bootTag()
}

// complain prints why Secure Boot is not enabled, and keeps it for the refusal.
func (s *session) complain(id messageID, args ...any) {
	s.bootTrouble = s.text(id, args...)
	s.logAs(s.bootTag(), id, args...)
}

// refuseBoot records that Secure Boot could not be enabled.
func (s *session) refuseBoot(im *image, id messageID, code int) {
	r := im.refusal(emu.Refusal{Reason: emu.ReasonSecureBoot, Got: uint64(uint32(code))})
	s.refuse(r, id, code)
	if s.bootTrouble != "" {
		s.out.Refusals[len(s.out.Refusals)-1].Detail = s.bootTrouble
	}
}

// ownImage is the bootloader itself, to be verified.
func (s *session) ownImage() *image {
	return &image{
		place: place{offset: ImageAddress, size: s.p.TableOffset - ImageAddress},
		slot:  emu.SlotNone, check: true,
	}
}

// verifiedOwnImage verifies the bootloader before Secure Boot relies on it.
func (s *session) verifiedOwnImage() (im *image, code int, err error) {
	im = s.ownImage()
	err = s.loadImage(im)
	if errors.Is(err, errRefused) {
		s.complain(msgOwnImageInvalid, im.code())
		return nil, im.code(), nil
	}
	return im, 0, err
}

// lockDown prints what becomes of JTAG and BASIC and returns the bits of BLOCK0
// word 6 to burn.
func (s *session) lockDown() (bits uint32) {
	return s.disabled(s.chipOptions(), func(id messageID) { s.logAs(s.featureTag(), id) })
}

// drawn is what the chip's random number generator yields for a purpose. Nobody
// ever knows it; the model derives it from the chip's address and the device's
// entropy, so that boots can be repeated.
// What the device was told to draw comes first.
func (s *session) drawn(purpose string, size int, told []byte) []byte {
	if len(told) == size {
		return slices.Clone(told)
	}
	mac, _ := s.dev.Efuses.MAC()
	seed := append([]byte(purpose), mac[:]...)
	seed = append(seed, s.dev.Entropy...)
	out := make([]byte, 0, size+sha256.Size)
	for len(out) < size {
		sum := sha256.Sum256(seed)
		out = append(out, sum[:]...)
		seed = append(sum[:], seed...)
	}
	return out[:size]
}

// draws is what the device was told to draw.
func (s *session) draws() emu.Draws {
	if s.dev.Draws == nil {
		return emu.Draws{}
	}
	return *s.dev.Draws
}

// wordsOf is bytes as the eFuse controller takes them.
func wordsOf(b []byte) []uint32 {
	words := make([]uint32, len(b)/4)
	for i := range words {
		words[i] = binary.LittleEndian.Uint32(b[4*i:])
	}
	return words
}
