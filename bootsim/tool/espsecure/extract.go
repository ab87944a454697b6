package espsecure

import (
	"crypto/x509"
	"encoding/pem"

	"github.com/bootsim/bootsim/bootsim/pemkey"
)

// extractPublicKey writes the public half of a private key.
func (j *job) extractPublicKey() error {
	file, err := j.key()
	if err != nil {
		return err
	}
	if err := j.distinct(j.arg(), j.values.Text(optKeyFile)); err != nil {
		return err
	}
	extract := publicV2
	if j.values.Text(optVersion) == "1" {
		extract = publicV1
	}
	public, err := extract(file)
	if err != nil {
		return err
	}
	if err := j.write(j.arg(), public, modePublic); err != nil {
		return err
	}
	j.env.Printf("\"%s\" public key extracted to \"%s\".\n", j.values.Text(optKeyFile), j.arg())
	return nil
}

// publicV1 returns the 64 bytes that a bootloader embeds.
func publicV1(file []byte) ([]byte, error) {
	key, err := curveKey(file)
	if err != nil {
		return nil, err
	}
	point, err := v1Point(&key.PublicKey, "Signing key")
	return point[:], err
}

// publicV2 returns the public key in PEM form.
func publicV2(file []byte) ([]byte, error) {
	if _, _, err := v2Private(file, nil); err != nil {
		return nil, err
	}
	der, err := x509.MarshalPKIXPublicKey(pemkey.PublicHalf(file))
	if err != nil {
		return nil, err
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}), nil
}
