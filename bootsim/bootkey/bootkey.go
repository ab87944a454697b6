// Package bootkey reads what eFuse BLOCK2 holds for Secure Boot from the key
// files that a production line has.
package bootkey

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/sha256"
	"fmt"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/bootsim/pemkey"
	"github.com/bootsim/bootsim/flashmodel/secureboot"
)

// KeyError tells that a file holds no key that Secure Boot can use. It never
// shows the file's content.
type KeyError struct{ Reason string }

// Error says what is wrong with the key.
func (e *KeyError) Error() string { return e.Reason }

// Read returns what eFuse BLOCK2 holds of the key in a file: of an ECDSA P-256
// signing key the key of Secure Boot V1 that digest-private-key derives from it,
// of an RSA-3072 key, private or public, the digest that V2 burns, and of 32 or
// 24 bytes the key of V1 that they are. name is for messages. *KeyError.
func Read(name string, file []byte) (*bootsim.BootKey, error) {
	if !bytes.Contains(file, []byte("-BEGIN ")) {
		if n := len(file); n != 32 && n != 24 {
			return nil, &KeyError{fmt.Sprintf("it has %d bytes: give the key of Secure Boot V1 (32 bytes, or 24 for the 3/4 coding scheme), "+
				"or the PEM of a signing key", n)}
		}
		return &bootsim.BootKey{File: name, Data: bytes.Clone(file)}, nil
	}
	switch public := pemkey.PublicHalf(file).(type) {
	case *rsa.PublicKey:
		key, err := secureboot.NewV2Key(public)
		if err != nil {
			return nil, &KeyError{fmt.Sprintf("it is an RSA key of %d bits: Secure Boot V2 takes 3072", public.N.BitLen())}
		}
		digest := key.Digest()
		return &bootsim.BootKey{File: name, Signed: true, Data: digest[:]}, nil
	case *ecdsa.PublicKey:
		return derived(name, file)
	case nil:
		return nil, &KeyError{"the key file is damaged, encrypted or of a kind that Secure Boot does not know: " +
			"give a PEM of an ECDSA key on P-256 (V1) or an RSA-3072 key (V2)"}
	}
	return nil, &KeyError{"Secure Boot takes ECDSA keys on P-256 (V1) and RSA-3072 keys (V2)"}
}

// derived is the key of V1 that comes of a signing key.
func derived(name string, file []byte) (*bootsim.BootKey, error) {
	private, ok := pemkey.Private(file).(*ecdsa.PrivateKey)
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
