package diagnose

import (
	"strings"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/efuse"
)

// firstBoot tells that the device encrypted itself when it booted, and which
// slots it left alone (spec 4.3, 4.4).
func firstBoot(c *Context) []bootsim.Finding {
	if c.After == nil || c.Device.Efuses.FlashEncryption() || !c.After.Efuses.FlashEncryption() {
		return nil
	}
	msg := "the first boot encrypts this device and burns FLASH_CRYPT_CNT"
	if empty := emptySlots(c); len(empty) > 0 {
		msg += "; empty slots stay as they are and read as noise afterwards: " + strings.Join(empty, ", ")
	}
	return []bootsim.Finding{c.find("first-boot-encrypts", "%s", msg).done()}
}

func emptySlots(c *Context) []string {
	t, ok := IntendedTable(c)
	if !ok {
		return nil
	}
	var out []string
	for _, e := range t.Apps() {
		if c.Device.Flash.Erased(e.Offset, unit) {
			out = append(out, e.Name())
		}
	}
	return out
}

// encryptionRefused explains a bootloader that would not encrypt the device.
func encryptionRefused(c *Context, refused *emu.Refusal) *bootsim.Finding {
	s := c.Device.Efuses
	if s.FlashEncryption() {
		return ptr(c.find("cnt-bit-27", "the bootloader takes FLASH_CRYPT_CNT for eight bits, 0x%02x, an even number of ones: it tries to encrypt what is ciphertext, while the hardware, which counts seven (0x%02x), decrypts",
			s.FlashCryptCnt8(), s.FlashCryptCnt()).severity(bootsim.Error).console().done())
	}
	protected := s.KeyReadProtected(1) && s.KeyWriteProtected(1)
	if s.KeyState(1) == efuse.KeyUnset && !s.KeyWriteProtected(1) || protected {
		return ptr(c.find("encryption-refused", "the bootloader cannot enable flash encryption: %s", refused.Detail).console().done())
	}
	return ptr(c.find("key-state", "BLOCK1 is %s, which the bootloader takes for neither unset nor protected: it does not enable flash encryption, and starts nothing", blockState(s)).console().done())
}

func blockState(s *efuse.Set) string {
	if s.KeyReadProtected(1) {
		return "read-protected and not write-protected"
	}
	if s.KeyState(1) == efuse.KeyUnset {
		return "blank and write-protected"
	}
	return "burnt and readable"
}
