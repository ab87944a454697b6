package sbkey

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/pem"
	"fmt"

	"github.com/bootsim/bootsim/bootsim"
)

// Block returns what eFuse BLOCK2 holds of the key in a file: of an ECDSA P-256
// signing key the key of Secure Boot V1 that digest-private-key derives from it,
// of an RSA-3072 key, private or public, the digest that V2 burns, and of 32 or
// 24 bytes the key of V1 that they are. *KeyError.
func Block(name string, file []byte) (*bootsim.BootKey, error) {
	if !bytes.Contains(file, []byte("-BEGIN ")) {
		if n := len(file); n != 32 && n != 24 {
			return nil, &KeyError{fmt.Sprintf("it has %d bytes: give the key of Secure Boot V1 (32 bytes, or 24 for the 3/4 coding scheme), "+
				"or the PEM of a signing key", n)}
		}
		return &bootsim.BootKey{File: name, Data: bytes.Clone(file)}, nil
	}
	public, err := PublicKey(file)
	if err != nil {
		return nil, err
	}
	switch public := public.(type) {
	case *rsa.PublicKey:
		digest, err := rsaDigest(public)
		return &bootsim.BootKey{File: name, Signed: true, Data: digest[:]}, err
	case *ecdsa.PublicKey:
		private, ok := ecPrivate(file)
		if !ok || private.Curve != elliptic.P256() {
			return nil, &KeyError{"the key of Secure Boot V1 derives from the private ECDSA key on P-256: this PEM holds another one, or its public part alone"}
		}
		raw, err := private.Bytes()
		if err != nil {
			return nil, &KeyError{"the ECDSA key of the file is damaged"}
		}
		digest := sha256.Sum256(raw)
		return &bootsim.BootKey{File: name, Derived: true, Data: digest[:]}, nil
	}
	return nil, &KeyError{"Secure Boot takes ECDSA keys on P-256 (V1) and RSA-3072 keys (V2)"}
}

// ecPrivate finds the first private ECDSA key in a PEM file.
func ecPrivate(file []byte) (*ecdsa.PrivateKey, bool) {
	for block, rest := pem.Decode(file); block != nil; block, rest = pem.Decode(rest) {
		switch block.Type {
		case "EC PRIVATE KEY":
			key, err := x509.ParseECPrivateKey(block.Bytes)
			return key, err == nil
		case "PRIVATE KEY":
			any, err := x509.ParsePKCS8PrivateKey(block.Bytes)
			key, ok := any.(*ecdsa.PrivateKey)
			return key, err == nil && ok
		}
	}
	return nil, false
}
