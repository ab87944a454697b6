package diagnose

import (
	"strings"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/bootloader"
	"github.com/bootsim/bootsim/emu/efuse"
	"github.com/bootsim/bootsim/emu/idf"
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
			s.FlashCryptCnt8(), s.FlashCryptCnt()).severity(bootsim.Error).remedy(eightBitsRemedy).console().done())
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

// eightBitsRemedy is what helps where bit 27 counts for the bootloader.
const eightBitsRemedy = "Use a bootloader that counts seven bits (v3.0.8, v3.1.5, v3.2.1, v3.3 and later) before bit 27, UART_DOWNLOAD_DIS, is burnt. " +
	"Afterwards no tool reaches a chip since v3.0, and what the bootloader has encrypted once more is lost."

// recounted explains what was encrypted twice by a bootloader that takes
// FLASH_CRYPT_CNT for eight bits: bit 27 made their number even, and it began as
// at a first boot. It returns nil where that is not how it came about.
func recounted(c *Context, r region, rd reading) *bootsim.Finding {
	s := c.Device.Efuses
	if !s.FlashEncryption() || s.FlashEncryption8() || !(reading{rd.layers[1:]}).asDevice(c.Device, r.addr) || !countsEightBits(c) {
		return nil
	}
	return ptr(c.find("cnt-bit-27", "the %s at 0x%08x was encrypted twice, the second time by the bootloader: it takes FLASH_CRYPT_CNT for eight bits, 0x%02x, an even number of ones, "+
		"while the hardware, which counts seven (0x%02x), decrypts", r.name(), r.addr, s.FlashCryptCnt8(), s.FlashCryptCnt()).
		severity(bootsim.Error).remedy(eightBitsRemedy).at(r.addr).partition(r.label).bytes(r.addr).console().done())
}

// countsEightBits looks at the bootloader as it was meant: of what the chip
// itself reads as noise, no version is known otherwise.
func countsEightBits(c *Context) bool {
	rd, ok := c.read(bootloaderRegion(c))
	if !ok {
		return false
	}
	image := make([]byte, bootWindow)
	rd.reader(c.Device.Flash, bootloaderAddress).Read(bootloaderAddress, image)
	p, err := bootloader.Detect(image)
	if v, unknown := idf.Parse(c.Lot.Bootloader.IDF); unknown == nil {
		p, err = bootloader.DetectAs(image, v)
	}
	return err == nil && p.CountsEightBits()
}
