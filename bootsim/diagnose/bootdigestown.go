package diagnose

import (
	"github.com/bootsim/bootsim/flashmodel/crypt"
	"github.com/bootsim/bootsim/flashmodel/secureboot"
)

func (k *digestCheck) missing() *builder {
	if !k.d.Flash.Erased(0, digestEnd) {
		return nil
	}
	return k.c.find("secure-boot-digest-missing", "ABS_DONE_0 is burnt, and flash 0x00000000, where IV and digest of the bootloader belong, is erased").at(0)
}

func (k *digestCheck) keyBlank() *builder {
	if !k.key.IsZero() || k.d.Efuses.KeyReadProtected(2) || k.fits(k.key, k.sector, k.covered) {
		return nil
	}
	return k.c.find("secure-boot-block2-empty", "ABS_DONE_0 is burnt, and BLOCK2 is blank: the digest at 0x00000080 cannot match").at(secureboot.V1DigestOffset)
}

// encryption looks whether the sector fits when it is read the other way.
func (k *digestCheck) encryption() *builder {
	raw := make([]byte, digestEnd)
	k.d.Flash.Read(0, raw)
	if k.d.Efuses.FlashEncryption() {
		if !k.fits(k.key, sectorOf(raw), k.covered) {
			return nil
		}
		return k.c.find("secure-boot-digest-encryption", "IV and digest at 0x00000000 are plaintext, and flash encryption is on (FLASH_CRYPT_CNT=0x%02x)",
			k.d.Efuses.FlashCryptCnt()).at(0)
	}
	for _, fe := range knownKeys(k.c.Lot, k.c.All, k.d) {
		plain := make([]byte, digestEnd)
		_ = crypt.New(fe.Key, crypt.FullConfig).Decrypt(0, plain, raw) // aligned: no error is possible
		if k.fits(k.key, sectorOf(plain), k.covered) {
			return k.c.find("secure-boot-digest-encryption", "IV and digest at 0x00000000 are ciphertext (%s opens them), and flash encryption is off", fe.name).at(0)
		}
	}
	return nil
}

// rewritten looks for other values of the bytes that esptool rewrites.
func (k *digestCheck) rewritten() *builder {
	body := append([]byte(nil), k.covered...)
	mode, ok := rewrittenHeader(body, func() bool { return k.fits(k.key, k.sector, body) })
	if !ok {
		return nil
	}
	return rewrittenBootloader(k.c, mode, k.covered, "the digest at 0x00000080 fits")
}

// tooLong looks whether the digest covers the appended hash, as v3.1.0's does.
func (k *digestCheck) tooLong() *builder {
	if k.parsed == nil || k.parsed.HashAppended == 0 {
		return nil
	}
	whole := (k.parsed.Length + secureboot.V1BlockSize - 1) / secureboot.V1BlockSize * secureboot.V1BlockSize
	if whole <= uint32(len(k.covered)) || !k.fits(k.key, k.sector, k.image[:whole]) {
		return nil
	}
	return k.c.find("secure-boot-digest-length", "the digest at 0x00000080 covers 0x%x bytes of the bootloader, and the ROM takes 0x%x: the appended SHA-256 was counted in",
		whole, len(k.covered)).at(secureboot.V1DigestOffset)
}

// tail looks whether the digest fits with erased flash behind the image. A file
// that ends inside its last block, encrypted, leaves noise there.
func (k *digestCheck) tail() *builder {
	if k.parsed == nil || int(k.parsed.Length) >= len(k.covered) {
		return nil
	}
	if !k.fits(k.key, k.sector, covered(k.image[:k.parsed.Length], k.parsed)) {
		return nil
	}
	return k.c.find("secure-boot-digest-tail", "the digest at 0x00000080 fits the bootloader with 0xFF behind its 0x%x bytes up to 0x%x, and flash reads otherwise there",
		k.parsed.Length, len(k.covered)).at(bootloaderAddress).bytes(bootloaderAddress + k.parsed.Length&^15)
}
