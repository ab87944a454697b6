package secureboot

import (
	"crypto/ecdh"

	"github.com/bootsim/bootsim/flashmodel/espimage"
)

// EmbeddedKey is a public key found inside a bootloader.
type EmbeddedKey struct {
	Offset uint32 // in the image
	Key    V1Key
}

// EmbeddedV1Keys looks for V1 public keys in the segments of the second stage at
// the start of image. 64 bytes that are a point on the curve are one: by chance
// that happens once in 2^256. The build puts its key among the constants without
// aligning it, so every offset is tried. At most 512 KiB of segment data are
// looked at, far more than memory takes. The error is a *Failure with
// ReasonImage.
func EmbeddedV1Keys(image []byte) ([]EmbeddedKey, error) {
	im, err := espimage.Parse(image)
	if err != nil {
		return nil, &Failure{Reason: ReasonImage, Cause: err}
	}
	var keys []EmbeddedKey
	left := uint32(searchLimit)
	for _, s := range im.Segments {
		n := min(s.Length, left)
		left -= n
		keys = append(keys, pointsIn(image[s.DataOffset:s.DataOffset+n], s.DataOffset)...)
	}
	return keys, nil
}

// searchLimit bounds the data searched for keys, in bytes: RAM of the chip.
const searchLimit = 512 << 10

// pointsIn returns every point on the curve in data, which begins at an offset
// of the image. Points do not overlap.
func pointsIn(data []byte, offset uint32) []EmbeddedKey {
	var keys []EmbeddedKey
	point := [1 + V1KeySize]byte{uncompressed}
	for at := 0; at+V1KeySize <= len(data); at++ {
		copy(point[1:], data[at:])
		if _, err := ecdh.P256().NewPublicKey(point[:]); err != nil {
			continue
		}
		keys = append(keys, EmbeddedKey{Offset: offset + uint32(at), Key: V1Key(point[1:])})
		at += V1KeySize - 1
	}
	return keys
}

// Keys returns the keys alone, for VerifyV1AppByAny.
func Keys(found []EmbeddedKey) []V1Key {
	keys := make([]V1Key, len(found))
	for i, f := range found {
		keys[i] = f.Key
	}
	return keys
}
