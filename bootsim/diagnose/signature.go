package diagnose

import (
	"errors"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/bootloader"
	"github.com/bootsim/bootsim/flashmodel/espimage"
	"github.com/bootsim/bootsim/flashmodel/parttable"
	"github.com/bootsim/bootsim/flashmodel/secureboot"
)

// ErrSignerUnknown tells that an app bears a signature, and that nothing tells
// which key the devices trust.
var ErrSignerUnknown = errors.New("nothing tells which signing key the devices trust")

// Signature verifies the signature of the app in a partition as the bootloader
// in flash does, without booting it: of scheme V1 with the keys that its binary
// embeds, of V2 with the digest in BLOCK2 of Context.After. Where no bootloader
// can be read, ABS_DONE_0 and ABS_DONE_1 tell the scheme. demanded tells whether
// there is one; the refusal, for Refused, is nil if the app passes. The error is
// ErrSignerUnknown.
func Signature(c *Context, row parttable.Entry) (demanded bool, refused *emu.Refusal, err error) {
	p := verifying(c)
	if p.SignedApps == bootloader.SecureBootNone {
		return false, nil, nil
	}
	r := appRegion(row)
	if !signerKnown(c, p) && bearsSignature(c, r, p.SignedApps) {
		return true, nil, ErrSignerUnknown
	}
	if signerKnown(c, p) && signedFor(c, r, p) {
		return true, nil, nil
	}
	return true, &emu.Refusal{Reason: emu.ReasonAppSignature, Want: uint64(p.SignedApps)}, nil
}

// verifying is the lot's bootloader, as far as it verifies apps.
func verifying(c *Context) bootloader.Profile {
	p, err := bootloader.Detect(readBytes(c.Device, bootloaderAddress, bootWindow))
	if err == nil && p.SignedApps != bootloader.SecureBootNone {
		return p
	}
	p = bootloader.Profile{}
	switch {
	case c.After.Efuses.AbsDone1():
		p.SignedApps = bootloader.SecureBootV2
	case c.After.Efuses.AbsDone0():
		p.SignedApps = bootloader.SecureBootV1
	}
	return p
}

// signerKnown tells whether there is a key to verify with.
func signerKnown(c *Context, p bootloader.Profile) bool {
	if p.SignedApps == bootloader.SecureBootV1 {
		return len(p.AppKeys) > 0
	}
	return trustedKey(c.After).KeyDigest != nil
}

// bearsSignature tells whether an app has a signature that some key may have
// made. Of scheme V2 that is one by the key that it brings along.
func bearsSignature(c *Context, r region, scheme bootloader.SecureBoot) bool {
	image := flashContent(c, r)
	im, err := espimage.Parse(image)
	if err != nil {
		return false
	}
	if scheme == bootloader.SecureBootV2 {
		return secureboot.VerifyV2(image, secureboot.Options{}).OK()
	}
	block, ok := espimage.DecodeSignatureV1(image[im.Length:])
	return ok && block.Version == 0
}

// SignerUnknown reports an artifact whose signature could not be verified.
func SignerUnknown(c *Context) bootsim.Finding {
	b := c.find("secure-boot-not-modelled", "the signature of the app for %s cannot be verified: %v", c.Want.Label, ErrSignerUnknown).
		partition(c.Want.Label).
		remedy("Give the lot's bootloader, whose binary holds the key of Secure Boot V1, or the digest that V2 burns: an eFuse dump that shows BLOCK2, or secure_boot_key in bootsim.yaml.")
	b.f.File, b.f.Offset = c.Artifact.File, &c.Want.Offset
	return b.done()
}
