package diagnose

import (
	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/bootloader"
	"github.com/bootsim/bootsim/emu/rom"
	"github.com/bootsim/bootsim/flashmodel"
	"github.com/bootsim/bootsim/flashmodel/espimage"
	"github.com/bootsim/bootsim/flashmodel/secureboot"
)

// schemeV2 is the scheme as a refusal has it.
const schemeV2 = uint64(bootloader.SecureBootV2)

// trustedKey is what BLOCK2 says of keys: any, as long as it is blank.
func trustedKey(d *emu.Device) secureboot.Options {
	digest := rom.TrustedDigest(d.Efuses)
	if digest == [secureboot.DigestSize]byte{} {
		return secureboot.Options{}
	}
	return secureboot.Options{KeyDigest: &digest}
}

func wholeBlock(b []byte, at uint64) bool {
	if at >= uint64(len(b)) {
		return false
	}
	block, ok := espimage.DecodeSignatureV2(b[at:])
	return ok && block.Magic == espimage.SignatureV2Magic && block.CRCOK()
}

// explainV2 explains a signature of scheme V2.
func (a *appSignature) explainV2() *builder {
	opts := trustedKey(a.c.After)
	at := espimage.SignatureV2Offset(a.im.Length)
	res := secureboot.VerifyV2At(a.image, uint32(at), opts)
	if res.Err == nil {
		return a.c.find("secure-boot-refused", "the bootloader refuses the signature of the app in %s, which is good", a.r.label)
	}
	switch res.Err.Reason {
	case secureboot.ReasonNoSignature:
		if at+flashmodel.SectorSize <= uint64(len(a.image)) && damagedMagic(a.image[at:]) {
			return a.damaged("its magic byte differs")
		}
		return a.unsigned(a.otherSchemeV1, a.encryptedV2, a.misplacedV2)
	case secureboot.ReasonUntrustedKey:
		return a.c.find("app-signed-with-other-key", "the app in %s is signed with another key than the one whose digest is in BLOCK2", a.r.label).
			evidence("digest of the key in the signature: %x", res.Blocks[0].KeyDigest).evidence("digest in BLOCK2: %x", *opts.KeyDigest)
	case secureboot.ReasonImageDigest:
		return a.changedV2()
	}
	return a.damaged(res.Err.Error())
}

// changedV2 explains a signature sector for other bytes, padding included.
func (a *appSignature) changedV2() *builder {
	if a.im.HashOK() {
		return a.c.find("app-changed-after-signing", "the signature behind the app in %s was made for other bytes: the app is whole, and padding or signature belong to another build", a.r.label)
	}
	return a.otherBytes("this key")
}

// otherSchemeV1 looks for a signature of scheme V1, by what it looks like: the
// key that made it is not known here.
func (a *appSignature) otherSchemeV1() *builder {
	block, ok := espimage.DecodeSignatureV1(a.image[a.im.Length:])
	if !ok || block.Version != 0 || block.R == [32]byte{} || block.S == [32]byte{} || allOnes(block.R[:]) {
		return nil
	}
	return a.c.find("app-signed-for-other-scheme", "the app in %s is signed for Secure Boot V1, and the bootloader verifies V2", a.r.label)
}

func (a *appSignature) encryptedV2() *builder {
	at := espimage.SignatureV2Offset(a.im.Length)
	if !a.c.Device.Efuses.FlashEncryption() || !wholeBlock(a.raw, at) {
		return nil
	}
	return a.encryptedFirst()
}

func (a *appSignature) misplacedV2() *builder {
	from := int(a.im.Length) &^ (flashmodel.SectorSize - 1)
	found, ok := findBlock(a.image[from:max(from, min(len(a.image), int(a.r.size)))])
	if !ok {
		return nil
	}
	return a.misplaced(uint32(from)+found, uint32(espimage.SignatureV2Offset(a.im.Length)))
}
