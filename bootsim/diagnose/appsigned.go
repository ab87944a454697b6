package diagnose

import (
	"crypto/sha256"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/bootloader"
	"github.com/bootsim/bootsim/emu/rom"
	"github.com/bootsim/bootsim/flashmodel"
	"github.com/bootsim/bootsim/flashmodel/espimage"
	"github.com/bootsim/bootsim/flashmodel/secureboot"
)

// schemeV2 is the scheme as a refusal has it.
const schemeV2 = uint64(bootloader.SecureBootV2)

// latentSignature warns of an app in another slot that this bootloader would
// refuse by its signature.
func latentSignature(c *Context, r region) []bootsim.Finding {
	if c.Lot.Bootloader.Fielded {
		return nil
	}
	p, err := bootloader.Detect(readBytes(c.Device, bootloaderAddress, bootWindow))
	if err != nil || signedFor(c, r, p) {
		return nil
	}
	b := badAppSignature(c, r, &emu.Refusal{Want: uint64(p.SignedApps)})
	return []bootsim.Finding{b.at(r.addr).partition(r.label).severity(bootsim.Warning).done()}
}

// signedFor tells whether a bootloader has nothing against the signature in a
// region, or cannot be asked.
func signedFor(c *Context, r region, p bootloader.Profile) bool {
	image := flashContent(c, r)
	if _, err := espimage.Parse(image); err != nil {
		return true
	}
	switch p.SignedApps {
	case bootloader.SecureBootV1:
		return len(p.AppKeys) == 0 || secureboot.VerifyV1AppByAny(image, p.AppKeys) == nil
	case bootloader.SecureBootV2:
		return secureboot.VerifyV2(image, trustedKey(c.After)).OK()
	}
	return true
}

// trustedKey is what BLOCK2 says of keys: any, as long as it is blank.
func trustedKey(d *emu.Device) secureboot.Options {
	digest := rom.TrustedDigest(d.Efuses)
	if digest == [secureboot.DigestSize]byte{} {
		return secureboot.Options{}
	}
	return secureboot.Options{KeyDigest: &digest}
}

// appSignature is the verification of an app's signature, to be repeated with
// one thing otherwise.
type appSignature struct {
	c     *Context
	r     region
	image []byte // the partition as the device reads it
	raw   []byte // and as it lies in flash
	im    *espimage.Image
	keys  []secureboot.V1Key // that the bootloader embeds
}

// badAppSignature explains an app whose signature the bootloader refuses.
func badAppSignature(c *Context, r region, refused *emu.Refusal) *builder {
	a := &appSignature{c: c, r: r, image: flashContent(c, r)}
	a.raw = make([]byte, len(a.image))
	c.Device.Flash.Read(r.addr, a.raw)
	im, err := espimage.Parse(a.image)
	if err != nil {
		return c.find("app-corrupt", "the app in %s is no whole image: %v", r.label, err)
	}
	a.im = im
	a.keys = embeddedKeys(c)
	if refused.Want == schemeV2 {
		return a.explainV2()
	}
	return a.explainV1()
}

// embeddedKeys are the public keys in the bootloader's binary.
func embeddedKeys(c *Context) []secureboot.V1Key {
	found, err := secureboot.EmbeddedV1Keys(readBytes(c.Device, bootloaderAddress, bootWindow))
	if err != nil {
		return nil
	}
	return secureboot.Keys(found)
}

// explainV1 explains a signature of scheme V1.
func (a *appSignature) explainV1() *builder {
	block, ok := espimage.DecodeSignatureV1(a.image[a.im.Length:])
	switch {
	case ok && a.verifies(sha256.Sum256(a.image[:a.im.Length]), mendedV1(a.image[a.im.Length:])):
		return a.damaged("a bit of it differs")
	case !ok || block.Version != 0:
		return a.unsigned(a.otherSchemeV2, a.encryptedV1, a.misplacedV1)
	}
	return a.otherBytes("the bootloader's key")
}

// verifies tells whether one of some blocks is a signature of a digest by a key
// of the bootloader.
func (a *appSignature) verifies(digest [sha256.Size]byte, blocks []espimage.SignatureBlockV1) bool {
	for _, b := range blocks {
		for _, key := range a.keys {
			if secureboot.VerifyV1Digest(digest, b, key) == nil {
				return true
			}
		}
	}
	return false
}

// mendedV1 is the signature with each of its bits, and each of its bytes,
// inverted in turn, and with a version field of zero.
func mendedV1(b []byte) []espimage.SignatureBlockV1 {
	var out []espimage.SignatureBlockV1
	raw := append([]byte(nil), b[:espimage.SignatureV1Size]...)
	whole, _ := espimage.DecodeSignatureV1(raw)
	damagedVersion := whole.Version != 0
	whole.Version = 0
	if damagedVersion {
		return append(out, whole)
	}
	for i := 4; i < len(raw); i++ {
		for _, mask := range [...]byte{1, 2, 4, 8, 16, 32, 64, 128, 0xFF} {
			raw[i] ^= mask
			mended, _ := espimage.DecodeSignatureV1(raw)
			out = append(out, mended)
			raw[i] ^= mask
		}
	}
	return out
}

// otherBytes explains a whole signature that was made for other bytes, or with
// another key: the app's own hash tells.
func (a *appSignature) otherBytes(trusted string) *builder {
	if mode, ok := patchedHeader(a.c, a.r); ok {
		return a.c.find("app-header-patched", "bytes 2 and 3 of the app in %s were changed after it was signed: the SHA-256 fits with 0x%02x 0x%02x", a.r.label, mode[0], mode[1])
	}
	if a.im.HashAppended != 0 && !a.im.HashOK() || !a.im.ChecksumOK() {
		return a.c.find("app-changed-after-signing", "the app in %s was changed after it was signed: its own SHA-256 does not fit either", a.r.label)
	}
	b := a.c.find("app-signed-with-other-key", "the app in %s is as it was built, and its signature is not by %s", a.r.label, trusted)
	if name, ok := a.signer(); ok {
		b.evidence("the key in %s verifies it", name)
	}
	return b
}

// signer names a bootloader of another lot whose key verifies the app.
func (a *appSignature) signer() (string, bool) {
	for i := range a.c.All {
		for _, p := range a.c.All[i].Contents {
			if p.Address != bootloaderAddress || a.c.All[i].Name == a.c.Lot.Name {
				continue
			}
			if found, err := secureboot.EmbeddedV1Keys(p.Data); err == nil && secureboot.VerifyV1AppByAny(a.image, secureboot.Keys(found)) == nil {
				return p.File + " of lot " + a.c.All[i].Name, true
			}
		}
	}
	return "", false
}

func (a *appSignature) damaged(how string) *builder {
	return a.c.find("app-signature-damaged", "the signature of the app in %s is damaged: %s", a.r.label, how)
}

// unsigned explains a place without signature.
func (a *appSignature) unsigned(explanations ...func() *builder) *builder {
	for _, explain := range explanations {
		if b := explain(); b != nil {
			return b
		}
	}
	return a.c.find("app-not-signed", "the app in %s is not signed: there is no signature behind its 0x%x bytes", a.r.label, a.im.Length)
}

func (a *appSignature) otherSchemeV2() *builder {
	at := espimage.SignatureV2Offset(a.im.Length)
	if !wholeBlock(a.image, at) {
		return nil
	}
	return a.c.find("app-signed-for-other-scheme", "the app in %s is signed for Secure Boot V2, and the bootloader verifies V1", a.r.label)
}

func wholeBlock(b []byte, at uint64) bool {
	if at >= uint64(len(b)) {
		return false
	}
	block, ok := espimage.DecodeSignatureV2(b[at:])
	return ok && block.Magic == espimage.SignatureV2Magic && block.CRCOK()
}

// encryptedV1 looks for a plaintext signature of the ciphertext.
func (a *appSignature) encryptedV1() *builder {
	if !a.c.Device.Efuses.FlashEncryption() {
		return nil
	}
	block, ok := espimage.DecodeSignatureV1(a.raw[a.im.Length:])
	if !ok || block.Version != 0 || !a.verifies(sha256.Sum256(a.raw[:a.im.Length]), []espimage.SignatureBlockV1{block}) {
		return nil
	}
	return a.encryptedFirst()
}

func (a *appSignature) encryptedFirst() *builder {
	return a.c.find("app-encrypted-before-signing", "the app in %s was encrypted before it was signed: the signature is plaintext, and covers ciphertext", a.r.label)
}

// misplacedV1 looks for a signature at the end of what was written.
func (a *appSignature) misplacedV1() *builder {
	for _, end := range a.ends() {
		at := end - espimage.SignatureV1Size
		if at <= int(a.im.Length) {
			continue
		}
		block, _ := espimage.DecodeSignatureV1(a.image[at:])
		if block.Version == 0 && (a.verifies(sha256.Sum256(a.image[:at]), []espimage.SignatureBlockV1{block}) ||
			a.verifies(sha256.Sum256(a.image[:a.im.Length]), []espimage.SignatureBlockV1{block})) {
			return a.misplaced(uint32(at), a.im.Length)
		}
	}
	return nil
}

// ends is where the content of the partition may end: where its file does, with
// or without what fills it up to whole blocks, and where erased flash begins.
func (a *appSignature) ends() []int {
	out := []int{withoutFill(a.image[:min(len(a.image), int(a.r.size))])}
	if p := a.c.written(a.r); p != nil && len(p.Data) <= len(a.image) {
		out = append(out, len(p.Data), withoutFill(a.image[:len(p.Data)]))
	}
	return out
}

// withoutFill is the length of b without the 0xFF at its end.
func withoutFill(b []byte) int {
	n := len(b)
	for n > 0 && b[n-1] == 0xFF {
		n--
	}
	return n
}

func (a *appSignature) misplaced(at, want uint32) *builder {
	return a.c.find("app-signature-misplaced", "the signature of the app in %s lies at 0x%08x, and the bootloader looks for it at 0x%08x", a.r.label, a.r.addr+at, a.r.addr+want)
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
