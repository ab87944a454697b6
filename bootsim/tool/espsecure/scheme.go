package espsecure

import (
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/sha256"
	"errors"
	"io"
	"slices"

	"github.com/bootsim/bootsim/bootsim/pemkey"
	"github.com/bootsim/bootsim/bootsim/tool/cli"
	"github.com/bootsim/bootsim/emu/pattern"
	"github.com/bootsim/bootsim/flashmodel/espimage"
	"github.com/bootsim/bootsim/flashmodel/secureboot"
)

// verifier is a public key of secure boot V2.
type verifier interface {
	// scheme is what messages call the algorithm.
	scheme() string
	// digest is what eFuse BLOCK2 holds of the key.
	digest() ([secureboot.DigestSize]byte, error)
	// verifies tells whether a block, of whatever scheme, bears the key's
	// signature of the contents.
	verifies(block, contents []byte) bool
	// assemble makes a block of a signature made elsewhere. errForged if it is
	// not the key's signature of the contents.
	assemble(contents, signature []byte) ([]byte, error)
}

// errForged tells that a signature is not the key's.
var errForged = errors.New("the signature is not of this key and data")

// signer makes a signature block for contents.
type signer func(contents []byte) ([]byte, error)

// rsaBits is the only size of RSA keys in V2.
const rsaBits = 3072

// v2Private reads a private key of V2. Salts of its signatures come from random.
func v2Private(file []byte, random io.Reader) (signer, verifier, error) {
	switch key := pemkey.Private(file).(type) {
	case *rsa.PrivateKey:
		public, err := newVerifier(&key.PublicKey)
		return func(contents []byte) ([]byte, error) { return secureboot.SignV2Salted(random, key, contents) }, public, err
	case *ecdsa.PrivateKey:
		public, err := newVerifier(&key.PublicKey)
		return func(contents []byte) ([]byte, error) { return signCurve(key, contents) }, public, err
	case nil:
		return nil, nil, cli.Brokenf(unreadableKey)
	}
	return nil, nil, cli.Fatalf("Unsupported signing key for Secure Boot V2.")
}

// keyMark is what a file needs to be taken for a key of V2.
var keyMark = pattern.Of(`-BEGIN ((RSA |EC )?PRIVATE|PUBLIC) KEY`)

// v2Public reads the public key in a file, which may be private.
func v2Public(file []byte) (verifier, error) {
	if !keyMark.Match(file) {
		return nil, cli.Fatalf("Verification key does not appear to be an RSA Private or Public key in PEM format. Unsupported.")
	}
	key := pemkey.PublicHalf(file)
	if key == nil {
		return nil, cli.Brokenf(unreadableKey)
	}
	return newVerifier(key)
}

// PublicKeyDigest returns what eFuse BLOCK2 holds of the V2 key in a PEM file,
// which may be public or private: the SHA-256 of the key as signature blocks
// have it. The error is a *cli.FatalError.
func PublicKeyDigest(file []byte) ([secureboot.DigestSize]byte, error) {
	key, err := v2Public(file)
	if err != nil {
		return [secureboot.DigestSize]byte{}, err
	}
	return key.digest()
}

// newVerifier checks that V2 knows such keys.
func newVerifier(key any) (verifier, error) {
	switch key := key.(type) {
	case *rsa.PublicKey:
		if key.N.BitLen() != rsaBits {
			return nil, cli.Fatalf("Key file has length %d bits. Secure boot v2 only supports RSA-3072.", key.N.BitLen())
		}
		return rsaVerifier{key}, nil
	case *ecdsa.PublicKey:
		curve, ok := curveOf(key.Curve)
		if !ok {
			return nil, cli.Fatalf(wrongV2Curve)
		}
		return curveVerifier{key, curve}, nil
	}
	return nil, cli.Fatalf("Unsupported public key for Secure Boot V2.")
}

// rsaVerifier is the scheme of the classic ESP32.
type rsaVerifier struct{ key *rsa.PublicKey }

func (rsaVerifier) scheme() string { return "RSA" }

func (v rsaVerifier) digest() ([secureboot.DigestSize]byte, error) {
	key, err := secureboot.NewV2Key(v.key)
	return key.Digest(), err
}

// verifies asks for the key that the user gave, whatever key the block brings.
func (v rsaVerifier) verifies(block, contents []byte) bool {
	b, ok := espimage.DecodeSignatureV2(block)
	if !ok {
		return false
	}
	signature := slices.Clone(b.Signature[:])
	slices.Reverse(signature)
	_, err := v.assemble(contents, signature)
	return err == nil
}

func (v rsaVerifier) assemble(contents, signature []byte) ([]byte, error) {
	key, err := secureboot.NewV2Key(v.key)
	if err != nil {
		return nil, err
	}
	digest := sha256.Sum256(contents)
	block, err := secureboot.BlockV2(key, digest, signature)
	if err != nil {
		return nil, errForged
	}
	keyDigest := key.Digest()
	sector, err := secureboot.SectorV2(block)
	if err != nil {
		return nil, err
	}
	if !secureboot.VerifySectorV2(digest, sector, 0, secureboot.Options{KeyDigest: &keyDigest}).OK() {
		return nil, errForged
	}
	return block, nil
}
