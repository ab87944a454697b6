package espimage

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
)

// Layout of secure boot signatures, in bytes (spec 3.1, 3.5).
const (
	SignatureV1Size       = 68   // ECDSA block, directly behind the image
	SignatureV2Align      = 4096 // the signature sector begins at a multiple of this
	SignatureV2SectorSize = 4096
	SignatureV2BlockSize  = 1216
	SignatureV2Blocks     = 3 // blocks a sector has room for, by the ROM's count
	SignatureV2Magic      = 0xE7
	SignatureV2Version    = 0x02
	signatureV2Covered    = 1196 // bytes the block's CRC covers
)

// SignatureBlockV1 is the signature of secure boot V1 behind an application.
type SignatureBlockV1 struct {
	Offset  uint32 // in the image
	Version uint32 // 0 in a signature
	R, S    [32]byte
}

// SignatureBlockV2 is one signature block of secure boot V2. The numbers are
// little-endian byte strings, as stored.
type SignatureBlockV2 struct {
	Offset       uint32    // in the image
	Magic        uint8     // SignatureV2Magic in a signature
	Version      uint8     // SignatureV2Version for RSA
	ImageDigest  [32]byte  // SHA-256 of the image up to the signature sector
	Modulus      [384]byte // RSA-3072 key
	Exponent     uint32
	RInv         [384]byte
	MPrime       uint32
	Signature    [384]byte
	CRC          uint32 // as stored
	ComputedCRC  uint32 // of the first 1196 bytes
	PublicKey    []byte // the stored key fields, whose SHA-256 eFuse BLOCK2 holds
	SignedLength uint32 // bytes of the image the digest covers
}

// CRCOK tells whether the stored CRC is the right one.
func (s *SignatureBlockV2) CRCOK() bool { return s.CRC == s.ComputedCRC }

// SignatureV1 decodes the 68 bytes behind the image at the start of b. It does
// not tell whether they are a signature: look at Version, and verify. The error
// is a *FormatError if the image is not whole or b ends too early.
func SignatureV1(b []byte) (*SignatureBlockV1, error) {
	im, err := Parse(b)
	if err != nil {
		return nil, err
	}
	at := uint64(im.Length)
	if uint64(len(b)) < at+SignatureV1Size {
		return nil, missing(at, SignatureV1Size, len(b))
	}
	s, _ := DecodeSignatureV1(b[at:])
	s.Offset = im.Length
	return &s, nil
}

// DecodeSignatureV1 decodes a block from the first 68 bytes of d. It reports
// false if d is shorter.
func DecodeSignatureV1(d []byte) (SignatureBlockV1, bool) {
	if len(d) < SignatureV1Size {
		return SignatureBlockV1{}, false
	}
	return SignatureBlockV1{
		Version: binary.LittleEndian.Uint32(d),
		R:       [32]byte(d[4:36]), S: [32]byte(d[36:68]),
	}, true
}

// SignatureV2 decodes the blocks of the signature sector behind the image at
// the start of b: the first one whatever it holds, further ones as long as they
// have the magic byte. The error is a *FormatError if the image is not whole or
// b ends before the end of the sector.
func SignatureV2(b []byte) ([]SignatureBlockV2, error) {
	im, err := Parse(b)
	if err != nil {
		return nil, err
	}
	at := SignatureV2Offset(im.Length)
	if uint64(len(b)) < at+SignatureV2SectorSize {
		return nil, missing(at, SignatureV2SectorSize, len(b))
	}
	var blocks []SignatureBlockV2
	for i := range SignatureV2Blocks {
		offset := at + uint64(i)*SignatureV2BlockSize
		if i > 0 && b[offset] != SignatureV2Magic {
			break
		}
		s, _ := DecodeSignatureV2(b[offset:])
		s.Offset, s.SignedLength = uint32(offset), uint32(at)
		blocks = append(blocks, s)
	}
	return blocks, nil
}

// SignatureV2Offset returns where the signature sector of an image of a length
// begins: at the next multiple of 4 KiB.
func SignatureV2Offset(length uint32) uint64 {
	return (uint64(length) + SignatureV2Align - 1) / SignatureV2Align * SignatureV2Align
}

// DecodeSignatureV2 decodes a block from the first 1216 bytes of d. It reports
// false if d is shorter.
func DecodeSignatureV2(d []byte) (SignatureBlockV2, bool) {
	if len(d) < SignatureV2BlockSize {
		return SignatureBlockV2{}, false
	}
	return SignatureBlockV2{
		Magic: d[0], Version: d[1],
		ImageDigest: [32]byte(d[4:36]),
		Modulus:     [384]byte(d[36:420]),
		Exponent:    binary.LittleEndian.Uint32(d[420:]),
		RInv:        [384]byte(d[424:808]),
		MPrime:      binary.LittleEndian.Uint32(d[808:]),
		Signature:   [384]byte(d[812:1196]),
		CRC:         binary.LittleEndian.Uint32(d[signatureV2Covered:]),
		ComputedCRC: crc32.ChecksumIEEE(d[:signatureV2Covered]),
		PublicKey:   bytes.Clone(d[36:812]),
	}, true
}

func missing(at uint64, size, have int) error {
	return &FormatError{Offset: uint32(at), Reason: fmt.Sprintf(
		"no room for a signature of %d bytes: the data ends at 0x%08x, so the image is not signed or cut short", size, have)}
}
