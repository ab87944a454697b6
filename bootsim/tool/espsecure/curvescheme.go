package espsecure

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/asn1"
	"encoding/binary"
	"hash/crc32"
	"math/big"
	"slices"

	"github.com/bootsim/bootsim/flashmodel/espimage"
	"github.com/bootsim/bootsim/flashmodel/secureboot"
)

// Fields of a block of the ECDSA scheme, which newer chips verify. Only its
// magic byte, CRC and size are those of the RSA scheme.
const (
	curveVersion   = 0x03
	blockDigest    = 4    // where the image digest begins
	blockCRC       = 1196 // where the CRC lies, behind all that it covers
	curveHash384At = 2    // 1: the digest is SHA-384
)

// curve is one of the curves.
type curve struct {
	id     byte // in the block
	size   int  // bytes of a coordinate
	sha384 bool
}

// curveOf tells how V2 has a curve. P-192, which it also has, is unknown to
// Go's library.
func curveOf(c elliptic.Curve) (curve, bool) {
	switch c {
	case elliptic.P256():
		return curve{id: 2, size: 32}, true
	case elliptic.P384():
		return curve{id: 3, size: 48, sha384: true}, true
	}
	return curve{}, false
}

// hash digests the contents of an image.
func (c curve) hash(contents []byte) []byte {
	if c.sha384 {
		sum := sha512.Sum384(contents)
		return sum[:]
	}
	sum := sha256.Sum256(contents)
	return sum[:]
}

// keyAt is where the block's key begins, with the byte that names the curve.
func (c curve) keyAt() int { return blockDigest + len(c.hash(nil)) }

// keySize is the size of that key in bytes.
func (c curve) keySize() int { return 1 + 2*c.size }

// curveVerifier is a public key of the ECDSA scheme.
type curveVerifier struct {
	key   *ecdsa.PublicKey
	curve curve
}

func (curveVerifier) scheme() string { return "ECDSA" }

// encode returns the key as the block has it: curve, then both coordinates,
// least significant byte first.
func (v curveVerifier) encode() ([]byte, error) {
	raw, err := v.key.Bytes()
	if err != nil {
		return nil, err
	}
	raw[0] = v.curve.id
	slices.Reverse(raw[1 : 1+v.curve.size])
	slices.Reverse(raw[1+v.curve.size:])
	return raw, nil
}

func (v curveVerifier) digest() ([secureboot.DigestSize]byte, error) {
	raw, err := v.encode()
	return sha256.Sum256(raw), err
}

func (v curveVerifier) verifies(block, contents []byte) bool {
	at := v.curve.keyAt()
	if block[1] != curveVersion || block[at] != v.curve.id {
		return false
	}
	rs := block[at+v.curve.keySize():]
	r, s := slices.Clone(rs[:v.curve.size]), slices.Clone(rs[v.curve.size:2*v.curve.size])
	slices.Reverse(r)
	slices.Reverse(s)
	der, err := asn1.Marshal(signatureRS{new(big.Int).SetBytes(r), new(big.Int).SetBytes(s)})
	return err == nil && ecdsa.VerifyASN1(v.key, v.curve.hash(contents), der)
}

// signatureRS is an ECDSA signature.
type signatureRS struct{ R, S *big.Int }

func (v curveVerifier) assemble(contents, signature []byte) ([]byte, error) {
	digest := v.curve.hash(contents)
	var rs signatureRS
	if rest, err := asn1.Unmarshal(signature, &rs); err != nil || len(rest) > 0 || !ecdsa.VerifyASN1(v.key, digest, signature) {
		return nil, errForged
	}
	key, err := v.encode()
	if err != nil {
		return nil, err
	}
	block := make([]byte, espimage.SignatureV2BlockSize)
	block[0], block[1] = espimage.SignatureV2Magic, curveVersion
	if v.curve.sha384 {
		block[curveHash384At] = 1
	}
	at := blockDigest + copy(block[blockDigest:], digest)
	at += copy(block[at:], key)
	for _, x := range []*big.Int{rs.R, rs.S} {
		x.FillBytes(block[at : at+v.curve.size])
		slices.Reverse(block[at : at+v.curve.size])
		at += v.curve.size
	}
	binary.LittleEndian.PutUint32(block[blockCRC:], crc32.ChecksumIEEE(block[:blockCRC]))
	return block, nil
}

// signCurve makes a signature block of the ECDSA scheme, the same one for the
// same key and contents (RFC 6979).
func signCurve(key *ecdsa.PrivateKey, contents []byte) ([]byte, error) {
	public, err := newVerifier(&key.PublicKey)
	if err != nil {
		return nil, err
	}
	c, _ := curveOf(key.Curve)
	hash := crypto.SHA256
	if c.sha384 {
		hash = crypto.SHA384
	}
	der, err := key.Sign(nil, c.hash(contents), hash)
	if err != nil {
		return nil, err
	}
	return public.assemble(contents, der)
}
