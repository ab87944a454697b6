package secureboot

import (
	"crypto/rsa"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math/big"
	"slices"
)

// Sizes of V2's RSA-3072 numbers and of the public key in a signature block.
const (
	rsaSize   = 384 // bytes
	rsaBits   = rsaSize * 8
	V2KeySize = rsaSize + 4 + rsaSize + 4 // modulus, exponent, R mod n, M'
)

// V2Key is a public key as a signature block holds it: modulus, exponent and
// two constants that the RSA hardware needs, all little-endian (spec 3.5).
type V2Key [V2KeySize]byte

// NewV2Key returns the key's form in secure boot. Keys of other than 3072 bits
// are a *Failure with ReasonBadKey.
func NewV2Key(pub *rsa.PublicKey) (V2Key, error) {
	if pub.N.BitLen() != rsaBits || pub.N.Bit(0) == 0 || pub.E <= 0 || int64(pub.E) > maxExponent {
		return V2Key{}, &Failure{Reason: ReasonBadKey, Cause: fmt.Errorf("%d bits: secure boot V2 takes RSA keys of 3072", pub.N.BitLen())}
	}
	var k V2Key
	putLE(k[:rsaSize], pub.N)
	binary.LittleEndian.PutUint32(k[rsaSize:], uint32(pub.E))
	rinv, mprime := montgomery(pub.N)
	putLE(k[rsaSize+4:2*rsaSize+4], rinv)
	binary.LittleEndian.PutUint32(k[2*rsaSize+4:], mprime)
	return k, nil
}

// maxExponent is the largest public exponent that Go's library verifies with.
const maxExponent = 1<<31 - 1

// Digest returns what eFuse BLOCK2 holds of a trusted key: the SHA-256 of the
// key's bytes.
func (k V2Key) Digest() [DigestSize]byte { return sha256.Sum256(k[:]) }

// RSA returns the key for computing. The error is a *Failure with ReasonBadKey
// if the numbers are no RSA-3072 key, or if the constants are not those of the
// modulus: the hardware computes with them and would find no signature good.
func (k V2Key) RSA() (*rsa.PublicKey, error) {
	n := getLE(k[:rsaSize])
	e := binary.LittleEndian.Uint32(k[rsaSize:])
	if n.BitLen() != rsaBits || n.Bit(0) == 0 || e > maxExponent {
		return nil, &Failure{Reason: ReasonBadKey}
	}
	pub := &rsa.PublicKey{N: n, E: int(e)}
	if whole, err := NewV2Key(pub); err != nil || whole != k {
		return nil, &Failure{Reason: ReasonBadKey}
	}
	return pub, nil
}

// montgomery returns 2^6144 mod n and -1/n mod 2^32 of an odd n.
func montgomery(n *big.Int) (rinv *big.Int, mprime uint32) {
	rinv = new(big.Int).Lsh(big.NewInt(1), 2*rsaBits)
	rinv.Mod(rinv, n)
	low := uint32(n.Bits()[0])
	inverse := low // right in its low three bits; each round doubles them
	for range 4 {
		inverse *= 2 - low*inverse
	}
	return rinv, -inverse
}

// putLE fills b with a number, least significant byte first.
func putLE(b []byte, x *big.Int) {
	x.FillBytes(b)
	slices.Reverse(b)
}

func getLE(b []byte) *big.Int {
	b = slices.Clone(b)
	slices.Reverse(b)
	return new(big.Int).SetBytes(b)
}
