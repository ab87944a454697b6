package diagnose

import (
	"crypto/sha256"

	"github.com/bootsim/bootsim/flashmodel/espimage"
	"github.com/bootsim/bootsim/flashmodel/secureboot"
)

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

func (a *appSignature) otherSchemeV2() *builder {
	at := espimage.SignatureV2Offset(a.im.Length)
	if !wholeBlock(a.image, at) {
		return nil
	}
	return a.c.find("app-signed-for-other-scheme", "the app in %s is signed for Secure Boot V2, and the bootloader verifies V1", a.r.label)
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
