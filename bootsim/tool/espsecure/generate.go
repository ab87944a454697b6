package espsecure

import (
	"crypto/elliptic"
	"crypto/x509"
	"encoding/pem"
	"slices"

	"github.com/bootsim/bootsim/bootsim/tool/cli"
)

// keyLen reads the number of bits of a key.
func (j *job) keyLen(choices ...int) (int, error) {
	text := j.values.Text(optKeyLen)
	n, ok := cli.ParseDecimal(text)
	if !ok {
		return 0, j.tool.Invalid(j.env, j.command, optKeyLen, "'%s' is not a valid integer.", text)
	}
	if !slices.Contains(choices, n) {
		return 0, j.tool.Invalid(j.env, j.command, optKeyLen, "%d is not one of %d: no eFuse block takes such a key.", n, choices)
	}
	return n, nil
}

func (j *job) generateFlashKey() error {
	bits, err := j.keyLen(128, 192, 256, 512)
	if err != nil {
		return err
	}
	if err := j.keep(j.arg()); err != nil {
		return err
	}
	j.env.Printf("Writing %d random bits to key file \"%s\".\n", bits, j.arg())
	key := make([]byte, bits/8)
	_ = j.env.Fill(key) // the sources never fail
	return j.writeSecret(j.arg(), key)
}

func (j *job) generateSigningKey() error {
	if err := j.keep(j.arg()); err != nil {
		return err
	}
	scheme := j.values.Text(optScheme)
	if j.values.Text(optVersion) == "1" {
		if scheme != "" && scheme != "ecdsa256" {
			return cli.Fatalf("ERROR: V1 only supports ECDSA256.")
		}
		scheme = "ecdsa256"
	}
	block, name, err := j.newSigningKey(scheme)
	if err != nil {
		return err
	}
	if err := j.writeSecret(j.arg(), pem.EncodeToMemory(block)); err != nil {
		return err
	}
	j.env.Printf("%s private key in PEM format written to \"%s\".\n", name, j.arg())
	return nil
}

// newSigningKey makes a key, in the form that its algorithm has of old.
func (j *job) newSigningKey(scheme string) (*pem.Block, string, error) {
	switch scheme {
	case "ecdsa256":
		block, err := j.newCurveKey(elliptic.P256())
		return block, "ECDSA NIST256p", err
	case "ecdsa384":
		block, err := j.newCurveKey(elliptic.P384())
		return block, "ECDSA NIST384p", err
	case "ecdsa192":
		return nil, "", cli.Fatalf("ECDSA on P-192 is for newer chips and is not modelled. The classic ESP32 takes ecdsa256 in Secure Boot V1 and rsa3072 in V2.")
	}
	key, err := j.newRSAKey()
	if err != nil {
		return nil, "", err
	}
	return &pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)}, "RSA 3072", nil
}

func (j *job) newCurveKey(curve elliptic.Curve) (*pem.Block, error) {
	key, err := j.curveScalar(curve)
	if err != nil {
		return nil, err
	}
	der, err := x509.MarshalECPrivateKey(key)
	return &pem.Block{Type: "EC PRIVATE KEY", Bytes: der}, err
}
