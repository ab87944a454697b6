package espsecure

import (
	"crypto/ecdsa"
	"crypto/elliptic"

	"github.com/bootsim/bootsim/bootsim/pemkey"
	"github.com/bootsim/bootsim/bootsim/tool/cli"
	"github.com/bootsim/bootsim/flashmodel/secureboot"
)

// Complaints about keys, as the reference has them.
const (
	wrongPrivateKey = "Incorrect ECDSA private key specified. Please check algorithm and/or format."
	wrongPublicKey  = "Incorrect ECDSA public key specified. Please check algorithm and/or format."
	wrongCurve      = " uses incorrect curve. ESP32 Secure Boot only supports NIST256p (openssl calls this curve 'prime256v1')."
	wrongV2Curve    = "Key file uses incorrect curve. Secure Boot V2 + ECDSA only supports NIST256p, NIST384p (aka prime256v1 / secp256r1, secp384r1) here."
	unreadableKey   = "Could not deserialize key data: give an unencrypted key in PEM form, as espsecure and openssl write it."
)

// curveKey reads a private ECDSA key of V1.
func curveKey(file []byte) (*ecdsa.PrivateKey, error) {
	key, ok := pemkey.Private(file).(*ecdsa.PrivateKey)
	if !ok {
		return nil, cli.Fatalf(wrongPrivateKey)
	}
	if key.Curve != elliptic.P256() {
		return nil, cli.Fatalf("Signing key" + wrongCurve)
	}
	return key, nil
}

// v1PublicKey reads a public key of V1 in PEM form.
func v1PublicKey(file []byte) (secureboot.V1Key, error) {
	key, ok := pemkey.Public(file).(*ecdsa.PublicKey)
	if !ok {
		return secureboot.V1Key{}, cli.Fatalf(wrongPublicKey)
	}
	return v1Point(key, "Signing key")
}

func v1Point(key *ecdsa.PublicKey, name string) (secureboot.V1Key, error) {
	point, err := secureboot.NewV1Key(key)
	if err != nil {
		return point, cli.Fatalf("%s", name+wrongCurve)
	}
	return point, nil
}

// v1VerifyKey reads what verify-signature takes for V1: any key in PEM form, or
// the 64 bytes of a public one.
func v1VerifyKey(file []byte) (secureboot.V1Key, error) {
	if key, ok := pemkey.PublicHalf(file).(*ecdsa.PublicKey); ok {
		return v1Point(key, "Public key")
	}
	if len(file) != secureboot.V1KeySize {
		return secureboot.V1Key{}, cli.Fatalf("Verification key does not appear to be an EC key in PEM format or binary EC public key data. Unsupported.")
	}
	key := secureboot.V1Key(file)
	if _, err := key.ECDSA(); err != nil {
		return key, cli.Brokenf("The 64 bytes of the verification key are no point on the curve.")
	}
	return key, nil
}
