package espimage_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/flashmodel/espimage"
)

// The signature sector of an image that ends at a sector's end follows at once.
func TestSignatureV2AtSectorEnd(t *testing.T) {
	for length, want := range map[uint32]uint64{0: 0, 1: 4096, 4095: 4096, 4096: 4096, 4097: 8192, 0xFFFFFFFF: 1 << 32} {
		require.Equal(t, want, espimage.SignatureV2Offset(length))
	}
	const dataSize = 4096 - espimage.HeaderSize - espimage.SegmentHeadSize - espimage.HashSize - 1
	b := espimage.Build(espimage.Spec{
		Header:   espimage.DefaultHeader(0x40080000),
		Segments: []espimage.Data{{LoadAddr: 0x3FFB0000, Bytes: make([]byte, dataSize)}},
	})
	require.Len(t, b, 4096)
	sector := make([]byte, espimage.SignatureV2SectorSize)
	for i := range 2 {
		sector[i*espimage.SignatureV2BlockSize] = espimage.SignatureV2Magic
	}
	blocks, err := espimage.SignatureV2(append(b, sector...))
	require.NoError(t, err)
	require.Len(t, blocks, 2, "up to the first block without the magic byte")
	require.Equal(t, uint32(4096), blocks[0].Offset)
	require.Equal(t, uint32(4096+1216), blocks[1].Offset)
	require.Equal(t, uint32(4096), blocks[1].SignedLength)
}

// A text may fill its field; then no zero byte ends it.
func TestDescriptorTextsOfFullLength(t *testing.T) {
	text := func(n int) string { return strings.Repeat("x", n-1) + "y" }
	app := &espimage.AppDesc{Version: text(32), Project: text(32), Time: text(16), Date: text(16),
		IDFVersion: text(32), MinBlockRev: 199, MaxBlockRev: 299}
	app.ELFSHA256[31] = 1
	enc := app.Encode()
	got, ok := espimage.DecodeAppDesc(append(make([]byte, espimage.DescOffset), enc[:]...))
	require.True(t, ok)
	require.Equal(t, app, got)

	boot := &espimage.BootDesc{SecureVersion: 3, Version: 7, IDFVersion: text(32), DateTime: text(24)}
	enc2 := boot.Encode()
	image := append(make([]byte, espimage.DescOffset), enc2[:]...)
	gotBoot, ok := espimage.DecodeBootDesc(image)
	require.True(t, ok)
	require.Equal(t, boot, gotBoot)
	for _, field := range []int{8, 40} {
		chance := slices.Clone(image)
		chance[espimage.DescOffset+field] = 0x80
		_, ok = espimage.DecodeBootDesc(chance)
		require.False(t, ok, "data that begins with the magic byte by chance")
	}
}

// The images that make up the ROM's special cases (spec 1.4): the checksum is
// the last byte of the unit that holds the byte behind the segments, so images
// without segments, and with segments that end at a unit's end, have one, too.
func TestChecksumPlace(t *testing.T) {
	for size, want := range map[int]uint32{0: 47, 1: 47, 15: 47, 16: 63, 31: 63, 32: 79} {
		b := espimage.Build(espimage.Spec{
			Header:   espimage.DefaultHeader(0x40080000),
			Segments: []espimage.Data{{LoadAddr: 0x3FFB0000, Bytes: make([]byte, size)}},
		})
		im, err := espimage.Parse(b)
		require.NoError(t, err)
		require.Equal(t, want, im.ChecksumOffset, "%d bytes of data", size)
		require.Equal(t, uint8(espimage.ChecksumSeed), im.StoredChecksum)
	}
	im, err := espimage.Parse(espimage.Build(espimage.Spec{Header: espimage.DefaultHeader(0)}))
	require.NoError(t, err)
	require.Equal(t, uint32(31), im.ChecksumOffset)
	require.True(t, im.ChecksumOK())
}
