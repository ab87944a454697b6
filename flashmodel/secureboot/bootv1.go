package secureboot

import (
	"crypto/aes"
	"crypto/sha512"
	"crypto/subtle"

	"github.com/bootsim/bootsim/flashmodel/crypt"
	"github.com/bootsim/bootsim/flashmodel/espimage"
)

// Layout of what V1 keeps at flash address 0, and the unit of its digest, in
// bytes (spec 7.1).
const (
	V1IVSize       = 128
	V1DigestSize   = 64
	V1DigestOffset = V1IVSize
	V1BlockSize    = 128 // of the second stage, the hardware hashes whole blocks
)

// V1Sector is what lies at flash address 0: 128 random bytes and the digest
// that the second stage has with them.
type V1Sector struct {
	IV     [V1IVSize]byte
	Digest [V1DigestSize]byte
}

// DecodeV1Sector reads the first 192 bytes of b. It reports false if b is
// shorter.
func DecodeV1Sector(b []byte) (V1Sector, bool) {
	if len(b) < V1IVSize+V1DigestSize {
		return V1Sector{}, false
	}
	return V1Sector{IV: [V1IVSize]byte(b), Digest: [V1DigestSize]byte(b[V1DigestOffset:])}, true
}

// Encode returns the sector as it is written, erased behind the digest.
func (s V1Sector) Encode() []byte {
	b := make([]byte, SectorSize)
	n := copy(b, s.IV[:])
	n += copy(b[n:], s.Digest[:])
	for i := n; i < len(b); i++ {
		b[i] = 0xFF
	}
	return b
}

// V1Covered returns how many bytes of flash, from the start of the second stage
// on, its digest covers: whole blocks up to the one that holds the checksum
// byte. An appended hash is not looked for (spec 1.5).
func V1Covered(checksumOffset uint32) uint32 {
	return checksumOffset/V1BlockSize*V1BlockSize + V1BlockSize
}

// V1FileCovered returns the bytes of a second-stage file that its digest is
// made of, as espsecure takes them: all of it, completed with 0xFF to whole
// blocks, or without its last block if there is nothing in that but the end of
// an appended hash. The error is a *Failure with ReasonImage.
func V1FileCovered(image []byte) ([]byte, error) {
	im, err := espimage.Parse(image)
	if err != nil {
		return nil, &Failure{Reason: ReasonImage, Cause: err}
	}
	return V1Padded(image, im.HashAppended != 0), nil
}

// V1Padded is V1FileCovered for a caller that has looked at the image itself:
// hashed tells whether its header announces an appended hash. It does not alter
// image.
func V1Padded(image []byte, hashed bool) []byte {
	whole := len(image) / V1BlockSize * V1BlockSize
	rest := len(image) - whole
	if hashed && rest <= DigestSize || rest == 0 {
		return image[:whole:whole]
	}
	out := append(make([]byte, 0, whole+V1BlockSize), image...)
	for len(out)%V1BlockSize != 0 {
		out = append(out, 0xFF)
	}
	return out
}

// V1Digest computes the digest of the IV, of which the hardware takes 128 bytes,
// and the covered bytes of a second stage. The length of both is to be a multiple
// of 16; what exceeds it is left out.
// The key is that of the key file, which eFuse BLOCK2 holds backwards
// (crypt.KeyFromBlock); keys of 24 and 16 bytes are extended as for flash
// encryption (crypt.ParseKey).
//
// The hardware enciphers each 16-byte block reversed and hands the result to
// SHA-512 with its words swapped; the digest is stored with swapped words, too
// (spec 7.1).
func V1Digest(key crypt.Key, iv, covered []byte) [V1DigestSize]byte {
	raw := key.Bytes()
	engine, err := aes.NewCipher(raw[:])
	if err != nil {
		panic(err) // 32 bytes always are an AES key
	}
	sum := sha512.New()
	var buf [64 * aes.BlockSize]byte
	for _, part := range [][]byte{iv, covered} {
		for len(part) >= aes.BlockSize {
			n := min(len(part), len(buf)) / aes.BlockSize * aes.BlockSize
			for at := 0; at < n; at += aes.BlockSize {
				block := buf[at : at+aes.BlockSize]
				reverseInto(block, part[at:])
				engine.Encrypt(block, block)
				reverseWords(block)
			}
			_, _ = sum.Write(buf[:n]) // a hash never fails
			part = part[n:]
		}
	}
	var out [V1DigestSize]byte
	sum.Sum(out[:0])
	swapWords(out[:])
	return out
}

// VerifyV1Bootloader does the ROM's check of chips with ABS_DONE_0: whether the
// sector's digest is that of the bytes covered, as V1Covered has them. The
// error is a *Failure with ReasonDigest.
func VerifyV1Bootloader(key crypt.Key, sector V1Sector, covered []byte) error {
	digest := V1Digest(key, sector.IV[:], covered)
	if subtle.ConstantTimeCompare(digest[:], sector.Digest[:]) != 1 {
		return &Failure{Reason: ReasonDigest, Offset: V1DigestOffset}
	}
	return nil
}

// reverseInto sets dst to the first bytes of src, last first.
func reverseInto(dst, src []byte) {
	for i := range dst {
		dst[i] = src[len(dst)-1-i]
	}
}

// reverseWords puts the last 32-bit word first. The bytes of each word keep
// their order: the hardware's reversal of the block and its swap of every word
// come to that.
func reverseWords(b []byte) {
	for i, j := 0, len(b)-4; i < j; i, j = i+4, j-4 {
		w := [4]byte(b[i:])
		copy(b[i:], b[j:j+4])
		copy(b[j:], w[:])
	}
}

// swapWords reverses the bytes of every 32-bit word.
func swapWords(b []byte) {
	for i := 0; i+4 <= len(b); i += 4 {
		b[i], b[i+1], b[i+2], b[i+3] = b[i+3], b[i+2], b[i+1], b[i]
	}
}
