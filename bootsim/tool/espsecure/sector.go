package espsecure

import (
	"bytes"
	"crypto/sha256"

	"github.com/bootsim/bootsim/bootsim/tool/cli"
	"github.com/bootsim/bootsim/flashmodel/espimage"
	"github.com/bootsim/bootsim/flashmodel/secureboot"
)

const sectorSize = secureboot.SectorSize

// signedImage is a file whose last 4 KiB are a signature sector, as far as its
// length tells.
type signedImage struct{ contents, sector []byte }

// split takes the sector off. The file has to have 4 KiB at least.
func split(file []byte) signedImage {
	at := len(file) - sectorSize
	return signedImage{contents: file[:at:at], sector: file[at:]}
}

// whole refuses a file that cannot be one signed for V2. One that was not
// filled up to 4 KiB only has to hold a sector.
func whole(file []byte, unpadded bool) error {
	switch {
	case unpadded && len(file) < sectorSize:
		return cli.Fatalf("Invalid datafile. File too small (must be at least 4096 bytes).")
	case !unpadded && (len(file) < sectorSize || len(file)%sectorSize != 0):
		return cli.Fatalf("Invalid datafile. Data size should be non-zero & a multiple of 4096.")
	}
	return nil
}

// block returns a signature block with magic byte, version and CRC as they
// should be, and says so; nil otherwise.
func (j *job) block(im signedImage, i int) []byte {
	raw := im.sector[i*espimage.SignatureV2BlockSize:][:espimage.SignatureV2BlockSize]
	b, _ := espimage.DecodeSignatureV2(raw)
	name := ""
	switch b.Version {
	case espimage.SignatureV2Version:
		name = "RSA"
	case curveVersion:
		name = "ECDSA"
	}
	if b.Magic != espimage.SignatureV2Magic || name == "" || !b.CRCOK() {
		return nil
	}
	j.env.Printf("Signature block %d is valid (%s).\n", i, name)
	return raw
}

// usesSHA384 tells whether a block holds the longer digest.
func usesSHA384(block []byte) bool { return block[1] == curveVersion && block[curveHash384At] == 1 }

// imageDigest returns the digest in a block, and the one of the image that it
// should be.
func imageDigest(block, contents []byte) (stored, actual []byte) {
	actual = curve{sha384: usesSHA384(block)}.hash(contents)
	return block[blockDigest:][:len(actual)], actual
}

// storedKeyDigest returns the digest of the key that a block brings.
func storedKeyDigest(block []byte) [secureboot.DigestSize]byte {
	if block[1] == espimage.SignatureV2Version {
		b, _ := espimage.DecodeSignatureV2(block)
		return sha256.Sum256(b.PublicKey)
	}
	c := curve{size: 32}
	if usesSHA384(block) {
		c = curve{size: 48, sha384: true}
	}
	return sha256.Sum256(block[c.keyAt():][:c.keySize()])
}

// signatureInfo shows the blocks of a signed image.
func (j *job) signatureInfo() error {
	file, err := j.data()
	if err != nil {
		return err
	}
	if err := whole(file, false); err != nil {
		return err
	}
	im := split(file)
	for i := range espimage.SignatureV2Blocks {
		block := j.block(im, i)
		if block == nil {
			j.env.Printf("Signature block %d absent/invalid. Skipping checking next blocks...\n", i)
			return nil
		}
		if stored, actual := imageDigest(block, im.contents); !bytes.Equal(stored, actual) {
			return cli.Fatalf("Digest in signature block %d doesn't match the image digest.", i)
		}
		j.env.Printf("Public key digest for block %d: % x\n", i, storedKeyDigest(block))
	}
	return nil
}
