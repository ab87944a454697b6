package esptool

import (
	"github.com/bootsim/bootsim/bootsim/tool/cli"
	"github.com/bootsim/bootsim/emu/efuse"
)

const atYourRisk = "Use the force argument to override, please use with caution, otherwise it may brick your device!"

// secureBoot tells whether a kind of secure boot is on that the chip has.
func (s *session) secureBoot() bool {
	f := s.chip.Fuses
	return f.AbsDone0() || s.chip.Revision().Major >= 3 && f.AbsDone1()
}

// checkErase refuses to erase a chip with security settings.
func (s *session) checkErase() error {
	if s.values.Flag(optForce) || !s.chip.Fuses.FlashEncryption() && !s.secureBoot() {
		return nil
	}
	return cli.Fatalf("Active security features detected, erasing flash is disabled as a safety measure. " + atYourRisk)
}

// checkWrite refuses files that would harm a chip with its security settings,
// and images that are not for this chip.
func (s *session) checkWrite(parts []part) error {
	if s.values.Flag(optForce) {
		return nil
	}
	for _, p := range parts {
		if s.chip.Fuses.AbsDone0() && p.addr < 0x8000 {
			return cli.Fatalf("Secure Boot V1 detected, writing to flash regions < 0x8000 is disabled to protect the bootloader. " + atYourRisk)
		}
	}
	for _, p := range parts {
		im, err := loadImage(chipNamed("esp32"), p.data, s.env.Warn)
		if err != nil {
			continue
		}
		if err := s.checkImage(p.name, im); err != nil {
			return err
		}
	}
	return nil
}

// checkImage refuses an image for another chip or revision.
func (s *session) checkImage(name string, im *image) error {
	h, rev := im.header, s.chip.Revision()
	if int(h.ChipID) != im.chip.id {
		return cli.Fatalf("'%s' is not an an %s image. Use the force argument to flash anyway.", name, im.chip.title)
	}
	if !usesFullRevision(im) {
		if rev.Major < h.MinRev {
			return cli.Fatalf("'%s' requires chip revision %d or higher (this chip is revision %d). Use the force argument to flash anyway.",
				name, h.MinRev, rev.Major)
		}
		return nil
	}
	if full := rev.Full(); full >= h.MinRevFull && full <= h.MaxRevFull {
		return nil
	}
	highest := "max rev not set] "
	if h.MaxRevFull != 0xFFFF {
		highest = "v" + revision(h.MaxRevFull) + "] "
	}
	return cli.Fatalf("'%s' requires chip revision in range [v%s - %s(this chip is revision %s). Use the force argument to flash anyway.",
		name, revision(h.MinRevFull), highest, rev)
}

// usesFullRevision tells whether the full revisions of a header count, or the
// major revision of before they were there.
func usesFullRevision(im *image) bool {
	switch im.header.MaxRevFull {
	case 0:
		return false
	case 0xFFFF:
		return im.header.MinRevFull != 0 || im.header.MinRev == 0
	}
	return true
}

// checkPlain refuses plaintext for a chip that decrypts and cannot encrypt in
// download mode any more.
func (s *session) checkPlain() error {
	if s.values.Flag(optForce) || !s.chip.Fuses.DLEncryptDisable() || !s.chip.Fuses.FlashEncryption() {
		return nil
	}
	return cli.Fatalf("Detected flash encryption enabled and download manual encrypt disabled.\n" +
		"Data must be encrypted appropriately before flashing.\n" +
		"Flashing plaintext data may brick your device! Use the force argument to override the warning.")
}

// checkEncrypt refuses to encrypt where the chip cannot, or would do it in a
// way that the bootloader does not expect.
func (s *session) checkEncrypt(parts []part) error {
	if !s.stub() {
		return cli.Fatalf("ESP32 ROM bootloader does not support encrypted writes. " +
			"Encrypted writing is only supported by the flasher stub. Do not use --no-stub when writing encrypted data.")
	}
	f := s.chip.Fuses
	if f.DLEncryptDisable() {
		return cli.Fatalf("This chip has encrypt functionality in UART download mode disabled. " +
			"This is the Flash Encryption configuration for Production mode instead of Development mode.")
	}
	fit := true
	if c := s.readableConfig(); c != 0xF {
		s.env.Printf("Unexpected FLASH_CRYPT_CONFIG value: %#x\n", c)
		fit = false
	}
	if f.KeyState(1) == efuse.KeyUnset {
		s.env.Print("Flash encryption key is not programmed.")
		fit = false
	}
	for _, p := range parts {
		if p.addr%encryptAlign != 0 {
			s.env.Warn("'%s' (address %#x) is not %d byte aligned, can't flash encrypted.", p.name, p.addr, encryptAlign)
			fit = false
		}
	}
	if !fit && !s.values.Flag("ignore-flash-enc-efuse") {
		return cli.Fatalf("Can't perform encrypted flash write, consult Flash Encryption documentation for more information.")
	}
	return nil
}

// readableConfig returns FLASH_CRYPT_CONFIG; one that is read-protected is
// taken to be right.
func (s *session) readableConfig() uint32 {
	if s.chip.Fuses.ReadProtected(efuse.RdDisConfig) {
		return 0xF
	}
	return s.word(5) >> 28
}
