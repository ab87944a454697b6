package espsecure

import (
	"bytes"
	"encoding/binary"
	"errors"

	"github.com/bootsim/bootsim/bootsim/tool/cli"
	"github.com/bootsim/bootsim/flashmodel/espimage"
	"github.com/bootsim/bootsim/flashmodel/secureboot"
)

// noModule refuses keys that are not in files.
func (j *job) noModule() error {
	if j.values.Flag(optHSM) {
		return cli.Fatalf("Keys in a hardware security module are not modelled: sign there, and give --%s and --%s.", optPubKey, optSignature)
	}
	return nil
}

func (j *job) verifySignature() error {
	if err := j.noModule(); err != nil {
		return err
	}
	if !j.values.Given(optKeyFile) {
		return cli.Brokenf("There is nothing to verify with: give --%s.", optKeyFile)
	}
	key, err := j.key()
	if err != nil {
		return err
	}
	file, err := j.data()
	if err != nil {
		return err
	}
	if j.values.Text(optVersion) == "1" {
		return j.verifyV1(key, file)
	}
	return j.verifyV2(key, file)
}

// verifyV1 verifies the signature in the last 68 bytes of a file.
func (j *job) verifyV1(keyFile, file []byte) error {
	key, err := v1VerifyKey(keyFile)
	if err != nil {
		return err
	}
	if len(file) < espimage.SignatureV1Size {
		return cli.Brokenf("%s has %d bytes, fewer than a signature: it is not signed, or cut short.", j.arg(), len(file))
	}
	data := file[:len(file)-espimage.SignatureV1Size]
	block, _ := espimage.DecodeSignatureV1(file[len(data):])
	if block.Version != 0 {
		return cli.Fatalf("Signature block has version %d. This version of espsecure only supports version 0.", block.Version)
	}
	j.env.Printf("Verifying %d bytes of data...\n", len(data))
	if err := secureboot.VerifyV1(data, block, key); err != nil {
		return cli.Fatalf("Signature is not valid.")
	}
	j.env.Print("Signature is valid.")
	return nil
}

// verifyV2 verifies every block of the signature sector at the end of a file.
func (j *job) verifyV2(keyFile, file []byte) error {
	key, err := v2Public(keyFile)
	if err != nil {
		return err
	}
	if err := whole(file, j.values.Flag(optSkipPadding)); err != nil {
		return err
	}
	im, good := split(file), false
	for i := range espimage.SignatureV2Blocks {
		block := j.block(im, i)
		if block == nil {
			j.env.Printf("Signature block %d invalid. Skipping.\n", i)
			continue
		}
		if stored, actual := imageDigest(block, im.contents); !bytes.Equal(stored, actual) {
			return cli.Fatalf("Signature block image digest does not match the actual image digest %s. Expected %s.", pythonBytes(actual), pythonBytes(stored))
		}
		if !key.verifies(block, im.contents) {
			j.env.Printf("Signature block %d is not signed by the supplied key. Checking the next block...\n", i)
			continue
		}
		j.env.Printf("Signature block %d verification successful using the supplied key (%s).\n", i, key.scheme())
		good = true
	}
	if !good {
		return cli.Fatalf("Checked all blocks. Signature could not be verified with the provided key.")
	}
	return nil
}

// v1Block makes the block of a signature made elsewhere, if it is the key's.
func v1Block(data, signature []byte, key secureboot.V1Key) ([]byte, error) {
	block := binary.LittleEndian.AppendUint32(nil, 0)
	block = append(block, signature...)
	decoded, ok := espimage.DecodeSignatureV1(block)
	if !ok || len(block) != espimage.SignatureV1Size {
		return nil, cli.Brokenf("The signature has %d bytes, not 64: give r and s of 32 bytes each.", len(signature))
	}
	var fail *secureboot.Failure
	if err := secureboot.VerifyV1(data, decoded, key); errors.As(err, &fail) {
		return nil, cli.Brokenf("The signature does not match data and public key.")
	}
	return block, nil
}
