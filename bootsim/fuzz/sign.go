package fuzz

import (
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/sha256"
	"fmt"

	"github.com/bootsim/bootsim/emu/bootloader"
	"github.com/bootsim/bootsim/flashmodel/crypt"
	"github.com/bootsim/bootsim/flashmodel/espimage"
	"github.com/bootsim/bootsim/flashmodel/secureboot"
)

// sign puts a signature behind the image at an address (KindSign), or makes the
// digest of Secure Boot V1 fit the bootloader.
func (w *work) sign(c *Change) error {
	if c.Field == SignDigest {
		return w.digest()
	}
	kind := partApp
	if c.At == bootloader.ImageAddress {
		kind = partBootloader
	}
	scheme := w.scheme(kind)
	if scheme == bootloader.SecureBootNone || kind == partBootloader && scheme == bootloader.SecureBootV1 || c.Field != SignOwn && c.Field != SignForged {
		return fmt.Errorf("nothing at 0x%08x is signed %q", c.At, c.Field)
	}
	key := w.signer(scheme, c.Field)
	if key == nil {
		return fmt.Errorf("the key that 0x%08x is to be signed with is not here: give it with --signing-key", c.At)
	}
	im, _ := imageAt(crypt.NewView(w.dev.Flash, w.cipher), c.At, maxImage)
	if im == nil {
		return nil // nothing that could be signed
	}
	switch key := key.(type) {
	case *ecdsa.PrivateKey:
		raw, err := secureboot.SignV1(key, w.plain(c.At, int(im.Length)))
		if err != nil {
			return err
		}
		return w.write(c.At+im.Length, raw)
	case *rsa.PrivateKey:
		return w.signV2(c, key, uint32(espimage.SignatureV2Offset(im.Length)))
	}
	return nil
}

// signV2 makes block Value of a sector. Its salt follows from what is signed, so
// that the same mutation makes the same bytes.
func (w *work) signV2(c *Change, key *rsa.PrivateKey, start uint32) error {
	data := w.plain(c.At, int(start))
	salt := sha256.Sum256(data)
	block, err := secureboot.SignV2Salted(&endless{salt[:]}, key, data)
	if err != nil {
		return err
	}
	return w.write(c.At+start+espimage.SignatureV2BlockSize*uint32(c.Value%espimage.SignatureV2Blocks), block)
}

// endless repeats bytes.
type endless struct{ of []byte }

// Read fills p.
func (e *endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = e.of[i%len(e.of)]
	}
	return len(p), nil
}

// digest computes the digest in sector 0 anew, with the IV that is there and the
// key that was burnt.
func (w *work) digest() error {
	im, _ := imageAt(crypt.NewView(w.dev.Flash, w.cipher), bootloader.ImageAddress, maxImage)
	if im == nil {
		return nil
	}
	covered := w.plain(bootloader.ImageAddress, int(secureboot.V1Covered(im.ChecksumOffset)))
	sum := secureboot.V1Digest(w.Device.Efuses.HardwareBootKey(), w.plain(0, secureboot.V1IVSize), covered)
	return w.write(secureboot.V1DigestOffset, sum[:])
}
