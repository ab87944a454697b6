package espsecure

import (
	"crypto/aes"
	"crypto/sha256"
	"errors"
	"path/filepath"
	"strings"

	"github.com/bootsim/bootsim/bootsim/tool/cli"
	"github.com/bootsim/bootsim/flashmodel/espimage"
	"github.com/bootsim/bootsim/flashmodel/secureboot"
)

// digestBootloader writes what a device with secure boot V1 has at address 0:
// IV, digest and second stage.
func (j *job) digestBootloader() error {
	output := j.values.Text(optOutput)
	keyFile, err := j.key()
	if err != nil {
		return err
	}
	image, err := j.data()
	if err != nil {
		return err
	}
	if err := j.distinct(output, j.values.Text(optKeyFile), j.arg(), j.values.Text(optIV)); err != nil {
		return err
	}
	iv, err := j.iv()
	if err != nil {
		return err
	}
	covered, err := secureboot.V1FileCovered(image)
	if err != nil {
		return notAnImage(image, err)
	}
	key, err := j.hardwareKey(keyFile, false)
	if err != nil {
		return err
	}
	digest := secureboot.V1Digest(key, iv, covered)
	sector := secureboot.PadV2(append(iv, digest[:]...))
	if output == "" {
		output = strings.TrimSuffix(j.arg(), filepath.Ext(j.arg())) + "-digest-0x0000.bin"
	}
	if err := j.write(output, append(sector, covered...), modePublic); err != nil {
		return err
	}
	j.env.Printf("Digest + image written to \"%s\"\n", output)
	return nil
}

// iv returns the IV given, or a random one. Like the reference it takes a short
// one for tests, of whole AES blocks.
func (j *job) iv() ([]byte, error) {
	if !j.values.Given(optIV) {
		iv := make([]byte, secureboot.V1IVSize)
		_ = j.env.Fill(iv) // the sources never fail
		return iv, nil
	}
	iv, err := j.option(optIV)
	if err != nil {
		return nil, err
	}
	j.env.Warn("--iv argument is for TESTING PURPOSES ONLY")
	iv = iv[:min(len(iv), secureboot.V1IVSize)]
	if len(iv) == 0 || len(iv)%aes.BlockSize != 0 {
		return nil, cli.Fatalf("IV file contains wrong length (%d bytes), %d expected.", len(iv), secureboot.V1IVSize)
	}
	if len(iv) < secureboot.V1IVSize {
		j.note("Note: the IV has %d bytes. The chip reads %d, so no device will accept this digest.", len(iv), secureboot.V1IVSize)
	}
	return iv, nil
}

// notAnImage tells why there is nothing to digest.
func notAnImage(image []byte, err error) error {
	if len(image) > 0 && image[0] != espimage.Magic {
		return cli.Fatalf("Invalid firmware image magic=%#x", image[0])
	}
	var format *espimage.FormatError
	if errors.As(err, &format) {
		err = format
	}
	return cli.Fatalf("Invalid firmware image: %v", err)
}

// digestPrivateKey writes the digest of a private key, which is a key itself.
func (j *job) digestPrivateKey() error {
	file, err := j.key()
	if err != nil {
		return err
	}
	bits, err := j.keyLen(192, 256)
	if err != nil {
		return err
	}
	if err := j.distinct(j.arg(), j.values.Text(optKeyFile)); err != nil {
		return err
	}
	key, err := curveKey(file)
	if err != nil {
		return err
	}
	raw, err := key.Bytes()
	if err != nil {
		return err
	}
	digest := sha256.Sum256(raw)
	if err := j.write(j.arg(), digest[:bits/8], modePrivate); err != nil {
		return err
	}
	cut := ""
	if bits != 256 {
		cut = " (truncated to 192 bits)"
	}
	j.env.Printf("SHA-256 digest of private key \"%s\"%s written to \"%s\".\n", j.values.Text(optKeyFile), cut, j.arg())
	return nil
}

func (j *job) digestRSA() error {
	j.note("DeprecationWarning: The command '%s' is deprecated.", j.command.Name)
	return j.digestSBV2()
}

// digestSBV2 writes the digest of a public key that eFuse BLOCK2 is to hold.
func (j *job) digestSBV2() error {
	output := j.values.Text(optOutput)
	file, err := j.key()
	if err != nil {
		return err
	}
	if err := j.distinct(output, j.values.Text(optKeyFile)); err != nil {
		return err
	}
	digest, err := PublicKeyDigest(file)
	if err != nil {
		return err
	}
	j.env.Printf("Writing the public key digest of \"%s\" to \"%s\".\n", j.values.Text(optKeyFile), output)
	return j.write(output, digest[:], modePublic)
}
