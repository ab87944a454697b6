package diagnose

import (
	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/bootloader"
	"github.com/bootsim/bootsim/flashmodel/espimage"
	"github.com/bootsim/bootsim/flashmodel/secureboot"
)

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

func (a *appSignature) encryptedFirst() *builder {
	return a.c.find("app-encrypted-before-signing", "the app in %s was encrypted before it was signed: the signature is plaintext, and covers ciphertext", a.r.label)
}

func (a *appSignature) misplaced(at, want uint32) *builder {
	return a.c.find("app-signature-misplaced", "the signature of the app in %s lies at 0x%08x, and the bootloader looks for it at 0x%08x", a.r.label, a.r.addr+at, a.r.addr+want)
}
