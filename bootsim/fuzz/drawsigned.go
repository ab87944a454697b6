package fuzz

import (
	"slices"

	"github.com/bootsim/bootsim/emu/bootloader"
	"github.com/bootsim/bootsim/flashmodel/espimage"
)

// hasSignatures tells whether anything of the device is signed or digested.
func (s *Subject) hasSignatures() bool {
	return slices.ContainsFunc(s.parts, func(p part) bool { return p.signed != 0 || p.kind == partDigest })
}

// inSignature changes a signature, signs anew, or changes what a signature is
// held against: the digest of Secure Boot V1, BLOCK2, the bits that enable it.
func (s *Subject) inSignature(d dice) []Change {
	var signed []part
	for _, p := range s.parts {
		if p.signed != 0 || p.kind == partDigest {
			signed = append(signed, p)
		}
	}
	p := pick(d, signed)
	switch d.below(12) {
	case 0:
		return []Change{s.trustChange(d)}
	case 1, 2: // somebody else's signature, of this lot or another
		return []Change{s.otherSignature(d, p)}
	case 3, 4, 5, 6:
		return s.signedAnew(d, p)
	}
	switch {
	case p.kind == partDigest:
		return []Change{{Kind: KindFlip, At: uint32(d.below(uint64(p.size))), Data: bit(d)}}
	case s.scheme(p.kind) == bootloader.SecureBootV1:
		return s.inTrailer(d, p)
	}
	return s.inBlock(d, p)
}

// trustChange changes what the device trusts.
func (s *Subject) trustChange(d dice) Change {
	if d.below(2) == 0 {
		return Change{Kind: KindBootKey, Field: pick(d, []string{KeyZero, KeyReverse, KeyFlip, KeyOther, KeyStranger}), Value: d.below(256)}
	}
	c := Change{Kind: KindEfuse, Field: pick(d, []string{"ABS_DONE_0", "ABS_DONE_1", "RD_DIS", "CODING_SCHEME"}), Value: d.below(2)}
	if c.Field == "RD_DIS" {
		c.Value = 2 * c.Value // BLOCK2
	}
	return c
}

// otherSignature puts another image's signature behind an image.
func (s *Subject) otherSignature(d dice, p part) Change {
	at := p.at + p.signature
	names := slices.DeleteFunc(slices.Clone(s.names), func(n string) bool { return !s.donors[n].signature })
	if q := pick(d, s.parts); q.signed != 0 && d.below(2) == 0 {
		return Change{Kind: KindShift, At: at, From: q.at + q.signature, Size: q.signed}
	}
	if len(names) == 0 {
		return s.trustChange(d)
	}
	return Change{Kind: KindPart, Field: PartPlain, Part: pick(d, names), At: at}
}

// signedAnew changes an image, or nothing, and signs it: with the device's own
// key where it is known, with a stranger's, or with both in two blocks.
func (s *Subject) signedAnew(d dice, p part) []Change {
	var out []Change
	if p.image != nil && d.below(3) > 0 {
		fixed := []Repair{RepairChecksum, RepairHash}
		out = append(out, Change{Kind: KindFlip, At: p.at + uint32(d.below(uint64(p.image.Length))), Data: bit(d), Of: p.at, Repair: fixed[:d.below(3)]})
	}
	if p.kind == partDigest || s.scheme(p.kind) == bootloader.SecureBootV1 && p.kind == partBootloader {
		return append(out, Change{Kind: KindSign, Field: SignDigest})
	}
	for range 1 + d.below(2) {
		whose := SignForged
		if s.signer(s.scheme(p.kind), SignOwn) != nil && d.below(2) == 0 {
			whose = SignOwn
		}
		out = append(out, Change{Kind: KindSign, Field: whose, At: p.at, Value: pick(d, []uint64{0, 0, 1, 2})})
	}
	return out
}

// inTrailer changes the signature of an app of scheme V1: version, r, s.
func (s *Subject) inTrailer(d dice, p part) []Change {
	at := p.at + p.signature
	switch d.below(5) {
	case 0:
		return []Change{{Kind: KindPlain, At: at, Data: le32(number(d))}}
	case 1: // one of the two numbers is 0, or as large as can be
		b := make(Hex, 32)
		for i := range b {
			b[i] = -byte(d.below(2))
		}
		return []Change{{Kind: KindPlain, At: at + pick(d, []uint32{4, 36}), Data: b}}
	case 2:
		return []Change{{Kind: KindShift, At: at + 4, From: at + 36, Size: 32}}
	}
	return []Change{{Kind: KindFlip, At: at + uint32(d.below(espimage.SignatureV1Size)), Data: bit(d)}}
}

// blockFields are where the fields of a block begin (spec 3.5): magic, version,
// reserved, digest, modulus, exponent, R, M', signature, CRC, padding.
var blockFields = [...]uint32{0, 1, 2, 4, 36, 420, 424, 808, 812, 1196, 1200}

// inBlock changes a block of a signature sector of scheme V2.
func (s *Subject) inBlock(d dice, p part) []Change {
	sector := p.at + p.signature
	block := sector + espimage.SignatureV2BlockSize*uint32(d.below(espimage.SignatureV2Blocks))
	if d.below(2) == 0 {
		block = sector
	}
	fixed := repairs(d, RepairSignature)
	switch d.below(6) {
	case 0: // a block becomes another one
		from := sector + espimage.SignatureV2BlockSize*uint32(d.below(uint64(p.signed/espimage.SignatureV2BlockSize)))
		return []Change{{Kind: KindShift, At: block, From: from, Size: espimage.SignatureV2BlockSize}}
	case 1:
		return []Change{{Kind: KindPlain, At: block + pick(d, blockFields[:]), Data: le32(number(d)), Of: p.at, Repair: fixed}}
	case 2: // one byte of the first, and a copy of it behind
		return []Change{
			{Kind: KindShift, At: sector + espimage.SignatureV2BlockSize, From: sector, Size: espimage.SignatureV2BlockSize},
			{Kind: KindFlip, At: sector + pick(d, blockFields[:10]), Data: bit(d), Of: p.at, Repair: fixed},
		}
	case 3:
		return []Change{{Kind: KindErase, At: sector &^ 0xFFF, Size: 0x1000}}
	}
	return []Change{{Kind: KindFlip, At: block + pick(d, blockFields[:]) + uint32(d.below(4)), Data: bit(d), Of: p.at, Repair: fixed}}
}
