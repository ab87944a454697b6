package secureboot

import "fmt"

// Reason says which check of a signature or digest failed.
type Reason uint8

// The reasons, in the order in which the checks are made.
const (
	// ReasonImage: the bytes are no whole image. Failure.Cause tells where it ends.
	ReasonImage Reason = iota + 1
	// ReasonMagic: no image magic where the ROM looks for the second stage (Got: the byte found).
	ReasonMagic
	// ReasonSegments: more segments than the ROM takes (Got: the header's count).
	ReasonSegments
	// ReasonSegment: a segment that the ROM cannot stage: address or length no multiple of 4, or longer than 1 MiB.
	ReasonSegment
	// ReasonTooLarge: the image does not fit the ROM's staging area (Want: its size in bytes).
	ReasonTooLarge
	// ReasonNoSignature: the data ends before a signature, or V2's magic byte is missing (Want, Got: the byte).
	ReasonNoSignature
	// ReasonVersion: a signature of another scheme (Want, Got: the version field). V1 says so of unsigned images.
	ReasonVersion
	// ReasonCRC: a V2 block is damaged (Want: the CRC computed, Got: the one stored).
	ReasonCRC
	// ReasonImageDigest: the V2 block was made for other image bytes.
	ReasonImageDigest
	// ReasonUntrustedKey: the digest of the block's key is not the one in eFuse BLOCK2.
	ReasonUntrustedKey
	// ReasonNoKey: no public key to verify against, because the bootloader embeds none.
	ReasonNoKey
	// ReasonBadKey: the bytes given as public key are none.
	ReasonBadKey
	// ReasonSignature: the signature does not belong to these bytes and this key.
	ReasonSignature
	// ReasonDigest: V1's digest of IV and bootloader is not the one at 0x80.
	ReasonDigest
)

var reasonNames = map[Reason]string{
	ReasonImage: "image", ReasonMagic: "magic", ReasonSegments: "segments", ReasonSegment: "segment",
	ReasonTooLarge: "too-large", ReasonNoSignature: "no-signature", ReasonVersion: "version", ReasonCRC: "crc",
	ReasonImageDigest: "image-digest", ReasonUntrustedKey: "untrusted-key", ReasonNoKey: "no-key",
	ReasonBadKey: "bad-key", ReasonSignature: "signature", ReasonDigest: "digest",
}

func (r Reason) String() string {
	if name, ok := reasonNames[r]; ok {
		return name
	}
	return fmt.Sprintf("reason %d", uint8(r))
}

// Failure is one check that did not pass. It is an error.
type Failure struct {
	Reason    Reason
	Block     int    // signature block of V2, 0 otherwise
	Offset    uint32 // byte of the image or data that the check is about
	Want, Got uint64 // what was compared, where it is a number; see the reasons
	Cause     error  // what a lower layer said, or nil
}

func (f *Failure) Unwrap() error { return f.Cause }

func (f *Failure) Error() string {
	text := f.text()
	if f.Cause != nil {
		text += ": " + f.Cause.Error()
	}
	return text
}

func (f *Failure) text() string {
	switch f.Reason {
	case ReasonImage:
		return "not a whole image; give the file that the build made, with its signature behind it"
	case ReasonMagic:
		return fmt.Sprintf("no image at 0x%08x: magic byte 0x%02x, not 0x%02x; is it encrypted, or placed elsewhere?", f.Offset, f.Got, f.Want)
	case ReasonSegments:
		return fmt.Sprintf("%d segments, the ROM takes %d; rebuild the bootloader", f.Got, f.Want)
	case ReasonSegment:
		return fmt.Sprintf("the segment at 0x%08x has an address or length that the ROM cannot stage; rebuild the bootloader", f.Offset)
	case ReasonTooLarge:
		return fmt.Sprintf("the bootloader with its padding exceeds the ROM's staging area of %d bytes; lower its log level or its features", f.Want)
	default:
		return f.signatureText()
	}
}

func (f *Failure) signatureText() string {
	switch f.Reason {
	case ReasonNoSignature:
		return fmt.Sprintf("no signature at 0x%08x; sign the image with espsecure sign-data", f.Offset)
	case ReasonVersion:
		return fmt.Sprintf("signature version 0x%08x at 0x%08x, not 0x%x; the image is unsigned, or signed for another scheme", f.Got, f.Offset, f.Want)
	case ReasonCRC:
		return fmt.Sprintf("signature block %d has CRC 0x%08x, computed 0x%08x; it is damaged, sign again", f.Block, f.Got, f.Want)
	case ReasonImageDigest:
		return fmt.Sprintf("signature block %d belongs to other image bytes; the image was altered after signing, sign again", f.Block)
	case ReasonUntrustedKey:
		return fmt.Sprintf("signature block %d was made with a key that the device does not trust; sign with the key whose digest is in eFuse BLOCK2", f.Block)
	case ReasonNoKey:
		return "the bootloader embeds no public key; rebuild it with secure boot V1 and its verification key"
	case ReasonBadKey:
		return "the public key is not a valid one; extract it anew with espsecure extract-public-key"
	case ReasonSignature:
		return "the signature does not match; wrong key, or altered after signing"
	case ReasonDigest:
		return "the bootloader's digest differs from the one at 0x80; wrong key, altered header, or another bootloader"
	default:
		return f.Reason.String()
	}
}
