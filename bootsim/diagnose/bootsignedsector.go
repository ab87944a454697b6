package diagnose

import (
	"crypto/sha256"

	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/flashmodel"
	"github.com/bootsim/bootsim/flashmodel/crypt"
	"github.com/bootsim/bootsim/flashmodel/espimage"
)

// signatureEncryption looks whether there is a signature block at an address
// when it is read the other way: plaintext on a device that decrypts, as a
// bootloader without Secure Boot leaves it that encrypts itself over its image
// length (spec 4.3), or ciphertext on one that does not.
func signatureEncryption(c *Context, d *emu.Device, at uint32) *builder {
	raw := make([]byte, flashmodel.SectorSize)
	d.Flash.Read(at, raw)
	if d.Efuses.FlashEncryption() {
		return plainSignature(c, d, raw, at)
	}
	for _, fe := range knownKeys(c.Lot, c.All, d) {
		plain := make([]byte, len(raw))
		_ = crypt.New(fe.Key, crypt.FullConfig).Decrypt(at, plain, raw) // aligned: no error is possible
		if wholeBlock(plain, 0) {
			return c.find("bootloader-signature-encryption", "the signature sector of the bootloader at 0x%08x is ciphertext (%s opens it), and flash encryption is off",
				at, fe.name).at(at).bytes(at)
		}
	}
	return nil
}

// plainSignature explains a sector that is a signature as it lies in flash. What
// it was made for tells whether the file was encrypted before it was signed.
func plainSignature(c *Context, d *emu.Device, raw []byte, at uint32) *builder {
	if !wholeBlock(raw, 0) {
		return nil
	}
	block, _ := espimage.DecodeSignatureV2(raw)
	covers := func(r flashmodel.Reader) bool {
		body := make([]byte, at-bootloaderAddress)
		r.Read(bootloaderAddress, body)
		return sha256.Sum256(body) == block.ImageDigest
	}
	why := ""
	switch {
	case covers(d.Flash):
		why = "; it covers ciphertext: the bootloader was encrypted before it was signed"
	case covers(d.Cached()):
		why = "; it fits the bootloader as the device reads it: this sector alone is not encrypted"
	}
	return c.find("bootloader-signature-encryption", "the signature sector of the bootloader at 0x%08x is plaintext, and flash encryption is on (FLASH_CRYPT_CNT=0x%02x)%s",
		at, d.Efuses.FlashCryptCnt(), why).at(at).bytes(at)
}
