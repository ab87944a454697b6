// Package pemkey reads the signing keys of secure boot from PEM files, as
// espsecure and openssl write them.
package pemkey

import (
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"strings"
)

// block returns the first block whose type ends in a text, such as
// "PRIVATE KEY". Parameters of a curve may come before it.
func block(file []byte, suffix string) *pem.Block {
	for {
		b, rest := pem.Decode(file)
		if b == nil || strings.HasSuffix(b.Type, suffix) {
			return b
		}
		file = rest
	}
}

// Private reads the first private key of a PEM file, in SEC 1, PKCS #1 or
// PKCS #8 form: an *ecdsa.PrivateKey, *rsa.PrivateKey or another one that the
// standard library knows; nil if there is none.
func Private(file []byte) any {
	b := block(file, "PRIVATE KEY")
	if b == nil {
		return nil
	}
	if key, err := x509.ParseECPrivateKey(b.Bytes); err == nil {
		return key
	}
	if key, err := x509.ParsePKCS1PrivateKey(b.Bytes); err == nil {
		return key
	}
	key, err := x509.ParsePKCS8PrivateKey(b.Bytes)
	if err != nil {
		return nil
	}
	return key
}

// Public reads the first public key of a PEM file, nil if there is none.
func Public(file []byte) any {
	b := block(file, "PUBLIC KEY")
	if b == nil {
		return nil
	}
	key, err := x509.ParsePKIXPublicKey(b.Bytes)
	if err != nil {
		return nil
	}
	return key
}

// PublicHalf returns the public key in a PEM file, which may be that of a
// private one; nil if there is none.
func PublicHalf(file []byte) any {
	switch key := Private(file).(type) {
	case *ecdsa.PrivateKey:
		return &key.PublicKey
	case *rsa.PrivateKey:
		return &key.PublicKey
	}
	return Public(file)
}
