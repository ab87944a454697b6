package secureboot

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/sha256"
	"encoding/asn1"
	"math/big"

	"github.com/bootsim/bootsim/flashmodel/espimage"
)

// V1KeySize is the size of V1's public key in bytes.
const V1KeySize = 64

// V1Key is the public key that a second stage verifies applications with: the
// coordinates of a point on P-256, X first, big-endian. It is the format of
// espsecure extract-public-key and of the copy inside the bootloader.
type V1Key [V1KeySize]byte

// NewV1Key returns the key's form in secure boot. A key of another curve is a
// *Failure with ReasonBadKey.
func NewV1Key(pub *ecdsa.PublicKey) (V1Key, error) {
	raw, err := pub.Bytes()
	if err != nil || pub.Curve != elliptic.P256() {
		return V1Key{}, &Failure{Reason: ReasonBadKey, Cause: err}
	}
	return V1Key(raw[1:]), nil
}

// ECDSA returns the key for computing. If the bytes are no point on P-256, the
// error is a *Failure with ReasonBadKey.
func (k V1Key) ECDSA() (*ecdsa.PublicKey, error) {
	pub, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), append([]byte{uncompressed}, k[:]...))
	if err != nil {
		return nil, &Failure{Reason: ReasonBadKey, Cause: err}
	}
	return pub, nil
}

// uncompressed marks a point whose two coordinates follow (SEC 1, 2.3.3).
const uncompressed = 4

// VerifyV1App verifies the application at the start of image, behind which its
// signature lies, as the second stage does (spec 3.5): version field first, then
// the signature over everything before it, appended hash included. The error is
// a *Failure.
func VerifyV1App(image []byte, key V1Key) error {
	return VerifyV1AppByAny(image, []V1Key{key})
}

// VerifyV1AppByAny verifies the application with each of the keys, such as those
// of EmbeddedV1Keys, and is content with one. Without a key the error is a
// *Failure with ReasonNoKey.
func VerifyV1AppByAny(image []byte, keys []V1Key) error {
	im, err := espimage.Parse(image)
	if err != nil {
		return &Failure{Reason: ReasonImage, Cause: err}
	}
	block, ok := espimage.DecodeSignatureV1(image[im.Length:])
	if !ok {
		return &Failure{Reason: ReasonNoSignature, Offset: im.Length}
	}
	block.Offset = im.Length
	if len(keys) == 0 {
		return &Failure{Reason: ReasonNoKey}
	}
	for _, key := range keys {
		if err = VerifyV1(image[:im.Length], block, key); err == nil {
			return nil
		}
	}
	return err
}

// VerifyV1 verifies a signature block over the bytes of data. The error is a
// *Failure with ReasonVersion, ReasonBadKey or ReasonSignature.
func VerifyV1(data []byte, block espimage.SignatureBlockV1, key V1Key) error {
	return VerifyV1Digest(sha256.Sum256(data), block, key)
}

// VerifyV1Digest is VerifyV1 for a caller that has the SHA-256 of the data.
func VerifyV1Digest(digest [DigestSize]byte, block espimage.SignatureBlockV1, key V1Key) error {
	if block.Version != v1SignatureVersion {
		return &Failure{Reason: ReasonVersion, Offset: block.Offset, Want: v1SignatureVersion, Got: uint64(block.Version)}
	}
	pub, err := key.ECDSA()
	if err != nil {
		return err
	}
	if !ecdsa.VerifyASN1(pub, digest[:], encodeRS(block.R, block.S)) {
		return &Failure{Reason: ReasonSignature, Offset: block.Offset}
	}
	return nil
}

// v1SignatureVersion is the version field of a signature.
const v1SignatureVersion = 0

// SignV1 returns the 68 bytes to put behind data. The same key and data always
// give the same signature (RFC 6979), as with espsecure. A key of another curve
// is a *Failure with ReasonBadKey.
func SignV1(key *ecdsa.PrivateKey, data []byte) ([]byte, error) {
	if key.Curve != elliptic.P256() {
		return nil, &Failure{Reason: ReasonBadKey}
	}
	digest := sha256.Sum256(data)
	der, err := key.Sign(nil, digest[:], crypto.SHA256)
	if err != nil {
		return nil, &Failure{Reason: ReasonBadKey, Cause: err}
	}
	var sig struct{ R, S *big.Int }
	if _, err := asn1.Unmarshal(der, &sig); err != nil {
		return nil, err
	}
	out := make([]byte, espimage.SignatureV1Size)
	sig.R.FillBytes(out[4:36])
	sig.S.FillBytes(out[36:68])
	return out, nil
}

// encodeRS returns a signature in the form that Go's library reads.
func encodeRS(r, s [32]byte) []byte {
	der, err := asn1.Marshal(struct{ R, S *big.Int }{new(big.Int).SetBytes(r[:]), new(big.Int).SetBytes(s[:])})
	if err != nil {
		panic(err) // two numbers can always be encoded
	}
	return der
}
