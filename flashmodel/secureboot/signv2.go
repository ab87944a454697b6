package secureboot

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
	"slices"

	"github.com/bootsim/bootsim/flashmodel/espimage"
)

// Layout of a signature block, in bytes (spec 3.5).
const (
	blockDigest    = 4
	blockKey       = blockDigest + DigestSize
	blockSignature = blockKey + V2KeySize
	blockCRC       = blockSignature + rsaSize
)

// pssSalt is the length of the salt in V2's PSS signatures, in bytes.
const pssSalt = 32

// PadV2 returns image with 0xFF up to the next multiple of 4 KiB, where its
// signature sector belongs. An image that ends there is returned as it is.
func PadV2(image []byte) []byte {
	short := -len(image) & (SectorSize - 1)
	if short == 0 {
		return image
	}
	return append(bytes.Clone(image), bytes.Repeat([]byte{0xFF}, short)...)
}

// SignV2 makes the signature block for the bytes of padded, which are all the
// signature covers (PadV2). PSS is salted: two signatures of the same bytes
// differ. A key of other than 3072 bits is a *Failure with ReasonBadKey.
func SignV2(key *rsa.PrivateKey, padded []byte) ([]byte, error) {
	return SignV2Salted(rand.Reader, key, padded)
}

// SignV2Salted is SignV2 with the salt, 32 bytes, from a source of the caller's:
// the same salt gives the same signature.
func SignV2Salted(salt io.Reader, key *rsa.PrivateKey, padded []byte) ([]byte, error) {
	digest := sha256.Sum256(padded)
	public, err := NewV2Key(&key.PublicKey)
	if err != nil {
		return nil, err
	}
	sig, err := rsa.SignPSS(salt, key, crypto.SHA256, digest[:], &rsa.PSSOptions{SaltLength: pssSalt})
	if err != nil {
		return nil, &Failure{Reason: ReasonBadKey, Cause: err}
	}
	return BlockV2(public, digest, sig)
}

// BlockV2 assembles a signature block from a signature made elsewhere, most
// significant byte first. It verifies nothing. A signature of other than 384
// bytes is a *Failure with ReasonSignature.
func BlockV2(key V2Key, digest [DigestSize]byte, signature []byte) ([]byte, error) {
	if len(signature) != rsaSize {
		return nil, &Failure{Reason: ReasonSignature, Cause: fmt.Errorf("it has %d bytes, an RSA-3072 signature %d", len(signature), rsaSize)}
	}
	b := make([]byte, blockCRC, espimage.SignatureV2BlockSize)
	b[0], b[1] = espimage.SignatureV2Magic, espimage.SignatureV2Version
	copy(b[blockDigest:], digest[:])
	copy(b[blockKey:], key[:])
	copy(b[blockSignature:], signature)
	slices.Reverse(b[blockSignature:])
	b = binary.LittleEndian.AppendUint32(b, crc32.ChecksumIEEE(b))
	return b[:espimage.SignatureV2BlockSize], nil
}

// SectorV2 joins up to three blocks to a signature sector, erased behind them.
// More are a *Failure with ReasonTooLarge.
func SectorV2(blocks ...[]byte) ([]byte, error) {
	if len(blocks) > espimage.SignatureV2Blocks {
		return nil, &Failure{Reason: ReasonTooLarge, Want: espimage.SignatureV2Blocks,
			Cause: fmt.Errorf("%d signature blocks, a sector holds %d", len(blocks), espimage.SignatureV2Blocks)}
	}
	return PadV2(bytes.Join(blocks, nil)), nil
}
