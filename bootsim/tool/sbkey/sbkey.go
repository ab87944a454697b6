// Package sbkey reads the key files of secure boot v2 and computes the digest
// by which a chip knows a public key.
package sbkey

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/binary"
	"encoding/pem"
	"fmt"
	"math/big"
	"slices"
)

// RSABits is the only size of RSA key that secure boot v2 knows.
const RSABits = 3072

// KeyError tells that a file holds no key that secure boot v2 can use. It never
// shows the file's content.
type KeyError struct{ Reason string }

// Error says what is wrong with the key.
func (e *KeyError) Error() string { return e.Reason }

// Digest returns the SHA-256 of a public key in the form that signature blocks
// have it: for RSA the modulus, exponent and Montgomery constants; for ECDSA
// the curve's number and the point. The file is a PEM with the public key, or
// with the private key, whose public part then counts (spec 4.4). *KeyError.
func Digest(file []byte) ([32]byte, error) {
	key, err := PublicKey(file)
	if err != nil {
		return [32]byte{}, err
	}
	switch key := key.(type) {
	case *rsa.PublicKey:
		return rsaDigest(key)
	case *ecdsa.PublicKey:
		return ecDigest(key)
	}
	return [32]byte{}, &KeyError{"Unsupported public key for Secure Boot V2."}
}

// PublicKey reads a PEM file: an *rsa.PublicKey or *ecdsa.PublicKey, or the
// public part of a private key. *KeyError.
func PublicKey(file []byte) (any, error) {
	for _, mark := range []string{"-BEGIN RSA PRIVATE KEY", "-BEGIN EC PRIVATE KEY", "-BEGIN PRIVATE KEY", "-BEGIN PUBLIC KEY"} {
		if !bytes.Contains(file, []byte(mark)) {
			continue
		}
		if key, ok := decode(file); ok {
			return key, nil
		}
		return nil, &KeyError{"the key file is damaged, encrypted or of a kind that is not modelled: " +
			"give a PEM of an RSA-3072 key, or of an ECDSA key on P-256 or P-384"}
	}
	return nil, &KeyError{"Verification key does not appear to be an RSA Private or Public key in PEM format. Unsupported."}
}

// decode finds the first key in a PEM file.
func decode(file []byte) (any, bool) {
	for block, rest := pem.Decode(file); block != nil; block, rest = pem.Decode(rest) {
		switch block.Type {
		case "RSA PRIVATE KEY":
			key, err := x509.ParsePKCS1PrivateKey(block.Bytes)
			if err != nil {
				return nil, false
			}
			return &key.PublicKey, true
		case "EC PRIVATE KEY":
			key, err := x509.ParseECPrivateKey(block.Bytes)
			if err != nil {
				return nil, false
			}
			return &key.PublicKey, true
		case "PRIVATE KEY":
			return pkcs8(block.Bytes)
		case "PUBLIC KEY":
			key, err := x509.ParsePKIXPublicKey(block.Bytes)
			return key, err == nil
		}
	}
	return nil, false
}

func pkcs8(der []byte) (any, bool) {
	key, err := x509.ParsePKCS8PrivateKey(der)
	if err != nil {
		return nil, false
	}
	switch key := key.(type) {
	case *rsa.PrivateKey:
		return &key.PublicKey, true
	case *ecdsa.PrivateKey:
		return &key.PublicKey, true
	}
	return nil, false
}

func rsaDigest(key *rsa.PublicKey) ([32]byte, error) {
	if key.N.BitLen() != RSABits {
		return [32]byte{}, &KeyError{fmt.Sprintf("Key file has length %d bits. Secure boot v2 only supports RSA-%d.", key.N.BitLen(), RSABits)}
	}
	r := new(big.Int).Lsh(big.NewInt(1), 2*RSABits)
	word := new(big.Int).Lsh(big.NewInt(1), 32)
	inverse := new(big.Int).ModInverse(key.N, word)
	if inverse == nil {
		return [32]byte{}, &KeyError{"the RSA modulus of the key file is even: no such key works"}
	}
	b := little(key.N, RSABits/8)
	b = binary.LittleEndian.AppendUint32(b, uint32(key.E))
	b = append(b, little(r.Mod(r, key.N), RSABits/8)...)
	b = binary.LittleEndian.AppendUint32(b, uint32(new(big.Int).Sub(word, inverse).Uint64()))
	return sha256.Sum256(b), nil
}

// curveNumber is the number that a signature block gives a curve.
func curveNumber(c elliptic.Curve) (number byte, ok bool) {
	switch c {
	case elliptic.P256():
		return 2, true
	case elliptic.P384():
		return 3, true
	}
	return 0, false
}

func ecDigest(key *ecdsa.PublicKey) ([32]byte, error) {
	number, ok := curveNumber(key.Curve)
	if !ok {
		return [32]byte{}, &KeyError{"Key file uses incorrect curve. Secure Boot V2 + ECDSA works with P-256 and P-384 here; P-192 is not modelled."}
	}
	point, err := key.Bytes() // 4, then the coordinates, most significant byte first
	if err != nil {
		return [32]byte{}, &KeyError{"the point of the ECDSA key is not on its curve"}
	}
	size := (len(point) - 1) / 2
	x, y := slices.Clone(point[1:1+size]), slices.Clone(point[1+size:])
	slices.Reverse(x)
	slices.Reverse(y)
	return sha256.Sum256(slices.Concat([]byte{number}, x, y)), nil
}

// little writes a number with the least significant byte first.
func little(x *big.Int, size int) []byte {
	b := x.FillBytes(make([]byte, size))
	slices.Reverse(b)
	return b
}
