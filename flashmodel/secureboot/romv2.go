package secureboot

import (
	"encoding/binary"

	"github.com/bootsim/bootsim/flashmodel/espimage"
)

// Limits of the ROM's secure boot V2 loader (spec 1.5).
const (
	StagingSize = 48 << 10                 // bytes of RAM that it stages the second stage in
	ROMV2Span   = StagingSize + SectorSize // bytes of flash it may look at, from the second stage on

	romSegments    = 32
	romSegmentSize = 1 << 20
	checksumUnit   = 16
)

// StageV2 walks over the second stage at the start of flash as the ROM stages
// it, and returns how many bytes are signed: up to the next 4 KiB behind a
// 32-byte hash, which the ROM takes for granted. What lies past the end of
// flash is taken as erased; ROMV2Span bytes are all it looks at. Block of the
// *Failure, nil if all is well, is the index of a segment where there is one.
func StageV2(flash []byte) (uint32, *Failure) {
	head := stagedWords(flash, 0)
	if magic := head[0]; magic != espimage.Magic {
		return 0, &Failure{Reason: ReasonMagic, Want: espimage.Magic, Got: uint64(magic)}
	}
	count := int(head[1])
	if count > romSegments {
		return 0, &Failure{Reason: ReasonSegments, Want: romSegments, Got: uint64(count)}
	}
	pos := uint32(espimage.HeaderSize)
	for i := range count {
		raw := stagedWords(flash, pos)
		addr, size := binary.LittleEndian.Uint32(raw[:]), binary.LittleEndian.Uint32(raw[4:])
		if (addr|size)%4 != 0 || size > romSegmentSize {
			return 0, &Failure{Reason: ReasonSegment, Block: i, Offset: pos}
		}
		if pos += 8 + size; pos > StagingSize {
			return 0, &Failure{Reason: ReasonTooLarge, Block: i, Want: StagingSize, Got: uint64(pos)}
		}
	}
	end := pos/checksumUnit*checksumUnit + checksumUnit + DigestSize
	signed := uint32(espimage.SignatureV2Offset(end))
	if signed > StagingSize {
		return 0, &Failure{Reason: ReasonTooLarge, Want: StagingSize, Got: uint64(signed)}
	}
	return signed, nil
}

// stagedWords returns 8 bytes of flash, erased where there are none.
func stagedWords(flash []byte, at uint32) [8]byte {
	b := [8]byte{0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF}
	if uint64(at) < uint64(len(flash)) {
		copy(b[:], flash[at:])
	}
	return b
}

// VerifyROMV2 does what the ROM of revision 3 does with ABS_DONE_1 burnt: it
// stages the second stage at the start of flash and verifies its signature
// sector against the digest in eFuse BLOCK2. If staging fails, the result has
// no blocks.
func VerifyROMV2(flash []byte, keyDigest [DigestSize]byte) Result {
	signed, fail := StageV2(flash)
	if fail != nil {
		return Result{Err: fail}
	}
	return VerifyV2At(flash, signed, Options{KeyDigest: &keyDigest})
}
