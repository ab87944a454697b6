package diagnose

import (
	"crypto/sha256"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/rom"
	"github.com/bootsim/bootsim/flashmodel/espimage"
	"github.com/bootsim/bootsim/flashmodel/secureboot"
)

// badSignature explains a bootloader that the ROM refuses by its signature, or
// that a bootloader with Secure Boot V2 would not burn into BLOCK2.
func badSignature(c *Context, d *emu.Device) bootsim.Finding {
	staged := readBytes(d, bootloaderAddress, secureboot.ROMV2Span)
	digest := rom.TrustedDigest(d.Efuses)
	opts := secureboot.Options{KeyDigest: &digest}
	if digest == [32]byte{} && !d.Efuses.AbsDone1() {
		opts.KeyDigest = nil
	}
	res := secureboot.Result{}
	if res.Signed, res.Err = secureboot.StageV2(staged); res.Err == nil {
		res = secureboot.VerifyV2At(staged, res.Signed, opts)
	}
	if res.Err == nil {
		return c.find("secure-boot-refused", "Secure Boot refuses the bootloader at 0x%08x", bootloaderAddress).at(bootloaderAddress).console().done()
	}
	return signedBuilder(c, d, staged, res).console().done()
}

func signedBuilder(c *Context, d *emu.Device, staged []byte, res secureboot.Result) *builder {
	at := bootloaderAddress + res.Err.Offset
	switch res.Err.Reason {
	case secureboot.ReasonTooLarge:
		return c.find("bootloader-over-staging", "the bootloader with its padding has 0x%x bytes, and the ROM verifies 0x%x (48KB) at most", res.Err.Got, secureboot.StagingSize).at(bootloaderAddress)
	case secureboot.ReasonNoSignature:
		return unsignedBootloader(c, d, staged, res)
	case secureboot.ReasonCRC, secureboot.ReasonSignature, secureboot.ReasonVersion:
		return c.find("bootloader-signature-damaged", "the signature sector of the bootloader at 0x%08x is damaged: %v", at, res.Err).at(at)
	case secureboot.ReasonUntrustedKey:
		return untrusted(c, d, res, at)
	case secureboot.ReasonImageDigest:
		return changedSigned(c, staged, res)
	}
	return c.find("bootloader-corrupt", "the bootloader at 0x%08x cannot be staged: %v", bootloaderAddress, res.Err).at(bootloaderAddress)
}

// unsignedBootloader explains a place without signature block.
func unsignedBootloader(c *Context, d *emu.Device, staged []byte, res secureboot.Result) *builder {
	at := bootloaderAddress + res.Signed
	if b := signatureEncryption(c, d, at); b != nil {
		return b
	}
	if damagedMagic(staged[res.Signed:]) {
		return c.find("bootloader-signature-damaged", "the signature sector of the bootloader at 0x%08x is whole but for its magic byte, 0x%02x", at, staged[res.Signed]).at(at)
	}
	found, ok := findBlock(staged)
	if !ok {
		return c.find("bootloader-not-signed", "the bootloader at 0x%08x is not signed: there is no signature block at 0x%08x", bootloaderAddress, at).at(at).bytes(at)
	}
	im, err := espimage.Parse(staged)
	if err == nil && im.HashAppended == 0 && espimage.SignatureV2Offset(im.Length) == uint64(found) {
		return c.find("bootloader-without-hash", "the bootloader has no appended SHA-256: its signature lies at 0x%08x, and the ROM, which reckons with a hash, looks at 0x%08x",
			bootloaderAddress+found, at).at(bootloaderAddress + found)
	}
	return c.find("bootloader-signature-misplaced", "the bootloader's signature block lies at 0x%08x, and the ROM looks for it at 0x%08x", bootloaderAddress+found, at).
		at(bootloaderAddress + found)
}

// findBlock looks for a whole signature block at any offset.
func findBlock(b []byte) (uint32, bool) {
	for i := range len(b) {
		if b[i] != espimage.SignatureV2Magic {
			continue
		}
		if block, ok := espimage.DecodeSignatureV2(b[i:]); ok && block.CRCOK() && block.Version == espimage.SignatureV2Version {
			return uint32(i), true
		}
	}
	return 0, false
}

// damagedMagic tells whether a block would be whole with the right magic byte.
func damagedMagic(b []byte) bool {
	if len(b) < espimage.SignatureV2BlockSize {
		return false
	}
	mended := append([]byte(nil), b[:espimage.SignatureV2BlockSize]...)
	mended[0] = espimage.SignatureV2Magic
	block, _ := espimage.DecodeSignatureV2(mended)
	return block.CRCOK()
}

// untrusted explains a signature of a key whose digest BLOCK2 does not show.
func untrusted(c *Context, d *emu.Device, res secureboot.Result, at uint32) *builder {
	s := d.Efuses
	burnt := rom.TrustedDigest(s)
	switch {
	case s.KeyReadProtected(2):
		return c.find("secure-boot-block2-hidden", "BLOCK2 is read-protected: the ROM reads zeros where the key digest should be, and trusts no key")
	case burnt == [32]byte{}:
		return c.find("secure-boot-block2-empty", "ABS_DONE_1 is burnt, and BLOCK2 is blank: no key is trusted")
	}
	return c.find("bootloader-signed-with-other-key", "the bootloader is signed with another key than the one whose digest is in BLOCK2").at(at).
		evidence("digest of the key in the signature: %x", res.Blocks[0].KeyDigest).evidence("digest in BLOCK2: %x", burnt)
}

// changedSigned explains a whole signature over other bytes.
func changedSigned(c *Context, staged []byte, res secureboot.Result) *builder {
	body := append([]byte(nil), staged[:res.Signed]...)
	want := res.Blocks[0].ImageDigest
	if mode, ok := rewrittenHeader(body, func() bool { return sha256.Sum256(body) == want }); ok {
		return rewrittenBootloader(c, mode, staged, "its signature fits")
	}
	why := "its own SHA-256 does not fit either"
	if im, err := espimage.Parse(staged); err == nil && im.HashOK() {
		why = "its own SHA-256 fits: the padding was changed, or the signature belongs to another build"
	}
	return c.find("bootloader-changed-after-signing", "the bootloader's signature was made for other bytes; %s", why).at(bootloaderAddress).bytes(bootloaderAddress)
}
