package secureboot_test

import (
	"bytes"
	"slices"
	"testing"

	"github.com/bootsim/bootsim/flashmodel/crypt"
	"github.com/bootsim/bootsim/flashmodel/espimage"
	"github.com/bootsim/bootsim/flashmodel/secureboot"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// Every recorded digest of the reference tool, which writes IV, digest, erased
// flash and the bytes covered.
func TestV1DigestIsTheReferences(t *testing.T) {
	rows := []struct{ out, image, key string }{
		{"cut", "cut", "k2"}, {"pad", "pad", "k2"}, {"even", "even", "k2"}, {"nohash", "nohash", "k2"}, {"key24", "pad", "k24"},
	}
	for _, r := range rows {
		want := file(t, "sbv1-digest-"+r.out+".out.bin")
		key := hardwareKey(t, r.key+".bin")
		covered, err := secureboot.V1FileCovered(file(t, "boot-"+r.image+".bin"))
		require.NoError(t, err)
		iv := [secureboot.V1IVSize]byte(file(t, "iv128.bin"))
		sector := secureboot.V1Sector{IV: iv, Digest: secureboot.V1Digest(key, iv[:], covered)}
		require.Equal(t, want, append(sector.Encode(), covered...), r.out)

		again, ok := secureboot.DecodeV1Sector(want)
		require.True(t, ok)
		require.Equal(t, sector, again)
		require.NoError(t, secureboot.VerifyV1Bootloader(key, again, covered))
		requireReason(t, secureboot.ReasonDigest, secureboot.VerifyV1Bootloader(hardwareKey(t, "k1.bin"), again, covered))
		requireReason(t, secureboot.ReasonDigest, secureboot.VerifyV1Bootloader(key.Reversed(), again, covered))
	}
}

// The ROM counts blocks from the checksum byte, the tool from the length of the
// file: for every image without anything behind it they agree.
func TestROMAndToolCoverTheSame(t *testing.T) {
	for size := 4; size <= 600; size += 4 {
		for hash := range uint8(2) {
			h := espimage.DefaultHeader(0x40080000)
			h.HashAppended = hash
			b := espimage.Build(espimage.Spec{Header: h, Segments: []espimage.Data{{LoadAddr: 0x3fff0000, Bytes: make([]byte, size)}}})
			im, err := espimage.Parse(b)
			require.NoError(t, err)
			covered, err := secureboot.V1FileCovered(b)
			require.NoError(t, err)
			require.Len(t, covered, int(secureboot.V1Covered(im.ChecksumOffset)), "size %d hash %d", size, hash)
		}
	}
}

// The device has the key backwards in BLOCK2, and verifies what lies in flash.
// Any bit that changes is noticed, in IV, digest and image alike.
func TestV1BootloaderBitFlips(t *testing.T) {
	flash := file(t, "sbv1-digest-pad.out.bin")
	raw := hardwareKey(t, "k2.bin").Block()
	verify := func(flash []byte) error {
		sector, ok := secureboot.DecodeV1Sector(flash)
		require.True(t, ok)
		return secureboot.VerifyV1Bootloader(crypt.KeyFromBlock(raw), sector, flash[secureboot.SectorSize:])
	}
	require.NoError(t, verify(flash))
	rapid.Check(t, func(t *rapid.T) {
		at := rapid.IntRange(0, len(flash)-1).Draw(t, "at")
		mut := slices.Clone(flash)
		mut[at] ^= 1 << rapid.IntRange(0, 7).Draw(t, "bit")
		if at >= secureboot.V1IVSize+secureboot.V1DigestSize && at < secureboot.SectorSize {
			require.NoError(t, verify(mut), "erased rest of the sector")
			return
		}
		requireReason(t, secureboot.ReasonDigest, verify(mut))
	})
}

func TestV1FileThatIsNoImage(t *testing.T) {
	_, err := secureboot.V1FileCovered(file(t, "plain.bin"))
	requireReason(t, secureboot.ReasonImage, err)
	var format *espimage.FormatError
	require.ErrorAs(t, err, &format)
	_, ok := secureboot.DecodeV1Sector(make([]byte, 191))
	require.False(t, ok)
}

// Padding is put on a copy.
func TestV1PaddedLeavesTheImageAlone(t *testing.T) {
	image := append(make([]byte, 0, 4096), file(t, "boot-pad.bin")...)
	before := bytes.Clone(image[:cap(image)])
	_ = append(secureboot.V1Padded(image, true), 1)
	_ = append(secureboot.V1Padded(image[:1280], true), 1)
	require.Equal(t, before, image[:cap(image)])
}
