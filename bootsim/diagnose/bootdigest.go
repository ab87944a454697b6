package diagnose

import (
	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/flashmodel/crypt"
	"github.com/bootsim/bootsim/flashmodel/espimage"
	"github.com/bootsim/bootsim/flashmodel/secureboot"
)

// digestCheck is the ROM's comparison of Secure Boot V1 on a device, to be
// repeated with one thing otherwise.
type digestCheck struct {
	c       *Context
	d       *emu.Device
	key     crypt.Key
	sector  secureboot.V1Sector
	image   []byte // from 0x1000 on, as the device reads it
	parsed  *espimage.Image
	covered []byte // what the ROM takes of it
}

// bootWindow is how many bytes from 0x1000 on may be a bootloader.
const bootWindow = 64 << 10

func newDigestCheck(c *Context, d *emu.Device) *digestCheck {
	k := &digestCheck{c: c, d: d, key: d.Efuses.HardwareBootKey(), image: make([]byte, bootWindow)}
	d.Cached().Read(bootloaderAddress, k.image)
	k.sector = sectorOf(readBytes(d, 0, digestEnd))
	if im, err := espimage.Parse(k.image); err == nil {
		k.parsed, k.covered = im, covered(k.image, im)
	}
	return k
}

// digestEnd is where IV and digest end.
const digestEnd = secureboot.V1IVSize + secureboot.V1DigestSize

func readBytes(d *emu.Device, addr, n uint32) []byte {
	b := make([]byte, n)
	d.Cached().Read(addr, b)
	return b
}

func sectorOf(b []byte) secureboot.V1Sector {
	s, _ := secureboot.DecodeV1Sector(b)
	return s
}

// covered is what the ROM digests of an image: erased flash behind its end counts.
func covered(image []byte, im *espimage.Image) []byte {
	b := make([]byte, secureboot.V1Covered(im.ChecksumOffset))
	for i := copy(b, image); i < len(b); i++ {
		b[i] = 0xFF
	}
	return b
}

// fits repeats the comparison.
func (k *digestCheck) fits(key crypt.Key, s secureboot.V1Sector, covered []byte) bool {
	return len(covered) > 0 && secureboot.VerifyV1Bootloader(key, s, covered) == nil
}

// badDigest explains a device whose ROM refuses the bootloader by its digest.
func badDigest(c *Context, d *emu.Device) bootsim.Finding {
	k := newDigestCheck(c, d)
	for _, explain := range []func() *builder{
		k.missing, k.keyBlank, k.encryption, k.rewritten, k.tooLong, k.tail, k.otherKey, k.otherIV, k.otherBootloader,
	} {
		if b := explain(); b != nil {
			return b.console().done()
		}
	}
	return k.unexplained().console().done()
}

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

func (k *digestCheck) otherKey() *builder {
	for _, other := range bootKeys(k.c, k.d) {
		if k.fits(other.Key, k.sector, k.covered) {
			b := k.c.find("secure-boot-digest-other-key", "the digest at 0x00000080 was made with %s, which is not the key in BLOCK2", other.name).at(secureboot.V1DigestOffset)
			if k.d.Efuses.CheckCoding(2) != nil {
				b.evidence("BLOCK2 does not satisfy coding scheme %s: the chip takes another key from it", k.d.Efuses.CodingScheme())
			}
			return b
		}
	}
	return nil
}

func (k *digestCheck) otherIV() *builder {
	for _, f := range digestFiles(k.c, k.d) {
		s := k.sector
		s.IV = f.sector.IV
		if k.fits(k.key, s, k.covered) {
			return k.c.find("secure-boot-digest-other-iv", "the digest at 0x00000080 fits this bootloader with the IV of %s, and another IV lies at 0x00000000", f.name).at(0)
		}
	}
	return nil
}

func (k *digestCheck) otherBootloader() *builder {
	for _, f := range bootloaderFiles(k.c, k.d) {
		if k.fits(k.key, k.sector, f.covered) {
			return k.c.find("secure-boot-digest-other-bootloader", "IV and digest at 0x00000000 belong to the bootloader in %s, and another one lies at 0x%08x", f.name, bootloaderAddress).
				at(secureboot.V1DigestOffset)
		}
	}
	return nil
}

// unexplained tells by the bootloader's own hash on which side the fault lies.
func (k *digestCheck) unexplained() *builder {
	switch {
	case k.parsed == nil || k.parsed.HashAppended == 0:
		return k.c.find("secure-boot-digest-mismatch", "the digest at 0x00000080 does not fit IV, bootloader and key; the bootloader has no SHA-256 that would tell which of them is wrong").at(0)
	case k.parsed.HashOK():
		return k.c.find("secure-boot-digest-mismatch", "the bootloader is as it was built (its SHA-256 fits): IV or digest at 0x00000000 were changed, or belong to another build or key").at(0)
	}
	return k.c.find("bootloader-changed", "the bootloader at 0x%08x was changed after it was built: neither the digest at 0x00000080 nor its own SHA-256 fits", bootloaderAddress).
		at(bootloaderAddress).bytes(bootloaderAddress)
}
