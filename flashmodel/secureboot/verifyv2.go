package secureboot

import (
	"bytes"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"slices"

	"github.com/bootsim/bootsim/flashmodel/espimage"
)

// Options of a V2 verification.
type Options struct {
	// KeyDigest is what eFuse BLOCK2 holds. Nil: nothing is burnt yet, and the
	// second stage trusts whatever key the first block brings, provided that
	// the block is of the RSA scheme (secure_boot_signatures_bootloader.c).
	KeyDigest *[DigestSize]byte
}

// Block is the verdict on one signature block.
type Block struct {
	espimage.SignatureBlockV2
	Index     int
	KeyDigest [DigestSize]byte // of the block's key
	Err       *Failure         // nil: this block is good
}

// Result is the verdict on a signature sector.
type Result struct {
	Signed      uint32           // bytes that the signature covers; the sector follows them
	ImageDigest [DigestSize]byte // SHA-256 of those bytes
	Blocks      []Block          // those looked at, in order: up to the first good one
	Err         *Failure         // nil: verified; else what failed first
}

// OK tells whether a block was good.
func (r Result) OK() bool { return r.Err == nil }

// VerifyV2 verifies the image at the start of b, which has its signature sector
// at the next multiple of 4 KiB, as the second stage does with an application.
// An appended hash and the padding are signed, too.
func VerifyV2(b []byte, opts Options) Result {
	im, err := espimage.Parse(b)
	if err != nil {
		return Result{Err: &Failure{Reason: ReasonImage, Cause: err}}
	}
	signed := espimage.SignatureV2Offset(im.Length)
	if uint64(len(b)) < signed+SectorSize {
		return Result{Err: &Failure{Reason: ReasonNoSignature, Offset: uint32(signed), Want: espimage.SignatureV2Magic}}
	}
	return VerifyV2At(b, uint32(signed), opts)
}

// VerifyV2At verifies b with the signature sector at offset signed, whatever the
// bytes before it are. What b is too short for is taken as erased flash.
func VerifyV2At(b []byte, signed uint32, opts Options) Result {
	data := b[:min(uint64(signed), uint64(len(b)))]
	erased := [SectorSize]byte(bytes.Repeat([]byte{0xFF}, SectorSize))
	sum := sha256.New()
	_, _ = sum.Write(data) // a hash never fails
	for left := int64(signed) - int64(len(data)); left > 0; left -= SectorSize {
		_, _ = sum.Write(erased[:min(left, SectorSize)])
	}
	sector := erased
	copy(sector[:], b[len(data):])
	return VerifySectorV2([DigestSize]byte(sum.Sum(nil)), sector[:], signed, opts)
}

// VerifySectorV2 makes the ROM's checks of a signature sector that lies at an
// offset of the image, given the digest of the bytes before it: for each block
// magic byte, CRC, image digest, trusted key and RSA-PSS, in this order (spec
// 1.5). The second stage calls the same function of the ROM. A block without
// magic byte ends the list. sector has to have 4096 bytes, else it is a
// *Failure with ReasonNoSignature.
func VerifySectorV2(image [DigestSize]byte, sector []byte, offset uint32, opts Options) Result {
	res := Result{Signed: offset, ImageDigest: image}
	if len(sector) < SectorSize {
		res.Err = &Failure{Reason: ReasonNoSignature, Offset: offset, Want: espimage.SignatureV2Magic}
		return res
	}
	trusted := trustedKey(sector, opts)
	for i := range espimage.SignatureV2Blocks {
		at := uint32(i * espimage.SignatureV2BlockSize)
		if i > 0 && sector[at] != espimage.SignatureV2Magic {
			break
		}
		block, _ := espimage.DecodeSignatureV2(sector[at:])
		block.Offset, block.SignedLength = offset+at, offset
		b := Block{SignatureBlockV2: block, Index: i, KeyDigest: sha256.Sum256(block.PublicKey)}
		b.Err = b.check(image, trusted)
		res.Blocks = append(res.Blocks, b)
		if b.Err == nil || i == 0 {
			res.Err = b.Err
		}
		if b.Err == nil || b.Err.Reason == ReasonNoSignature {
			break
		}
	}
	return res
}

// trustedKey returns the digest of the key to trust, nil for none.
func trustedKey(sector []byte, opts Options) *[DigestSize]byte {
	if opts.KeyDigest != nil {
		return opts.KeyDigest
	}
	first, _ := espimage.DecodeSignatureV2(sector)
	if first.Version != espimage.SignatureV2Version {
		return nil
	}
	digest := sha256.Sum256(first.PublicKey)
	return &digest
}

// check makes the ROM's checks of one block.
func (b *Block) check(image [DigestSize]byte, trusted *[DigestSize]byte) *Failure {
	f := &Failure{Block: b.Index, Offset: b.Offset}
	switch {
	case b.Magic != espimage.SignatureV2Magic:
		f.Reason, f.Want, f.Got = ReasonNoSignature, espimage.SignatureV2Magic, uint64(b.Magic)
	case !b.CRCOK():
		f.Reason, f.Want, f.Got = ReasonCRC, uint64(b.ComputedCRC), uint64(b.CRC)
	case b.ImageDigest != image:
		f.Reason = ReasonImageDigest
	case trusted == nil:
		f.Reason, f.Want, f.Got = ReasonVersion, espimage.SignatureV2Version, uint64(b.Version)
	case b.KeyDigest != *trusted:
		f.Reason = ReasonUntrustedKey
	default:
		if f.Cause = b.verifyPSS(); f.Cause == nil {
			return nil
		}
		f.Reason = ReasonSignature
	}
	return f
}

// verifyPSS verifies the block's signature with the block's key.
func (b *Block) verifyPSS() error {
	pub, err := V2Key(b.PublicKey).RSA()
	if err != nil {
		return err
	}
	sig := slices.Clone(b.Signature[:])
	slices.Reverse(sig)
	return rsa.VerifyPSS(pub, crypto.SHA256, b.ImageDigest[:], sig, &rsa.PSSOptions{SaltLength: pssSalt})
}
