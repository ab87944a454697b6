package espimage_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/fixtures/refdata"
	"github.com/bootsim/bootsim/flashmodel/espimage"
)

// Any bytes are either refused or describe an image that lies within them and
// that Build writes again.
func FuzzParse(f *testing.F) {
	for _, name := range []string{"tiny.bin", "small.bin", "bootloader-desc.bin", "seventeen-segments.bin",
		"length-past-end.bin", "segment-odd-length.bin", "zero-segments.bin", "bad-both.bin"} {
		f.Add(refdata.Read(f, "esptool", name))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		im, err := espimage.Parse(b)
		if err != nil {
			var format *espimage.FormatError
			require.ErrorAs(t, err, &format)
			return
		}
		require.LessOrEqual(t, int(im.Length), len(b))
		require.Len(t, im.Segments, int(im.SegmentCount))
		spec := espimage.Spec{Header: im.Header}
		for _, s := range im.Segments {
			spec.Segments = append(spec.Segments, espimage.Data{LoadAddr: s.LoadAddr, Bytes: b[s.DataOffset : s.DataOffset+s.Length]})
		}
		again, err := espimage.Parse(espimage.Build(spec))
		require.NoError(t, err)
		require.Equal(t, im.Segments, again.Segments)
		require.Equal(t, im.Checksum, again.Checksum)
		require.True(t, again.ChecksumOK())
	})
}

func FuzzSignatures(f *testing.F) {
	for _, name := range []string{"boot-pad.bin", "signed-v1-boot-pad.bin", "signed-v2-boot-pad.bin"} {
		f.Add(refdata.Read(f, "esptool", "signed", name))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if s, err := espimage.SignatureV1(b); err == nil {
			require.LessOrEqual(t, int(s.Offset)+espimage.SignatureV1Size, len(b))
		}
		blocks, err := espimage.SignatureV2(b)
		if err != nil {
			return
		}
		require.NotEmpty(t, blocks)
		for _, s := range blocks {
			require.Zero(t, s.SignedLength%espimage.SignatureV2Align)
			require.LessOrEqual(t, int(s.Offset)+espimage.SignatureV2BlockSize, len(b))
		}
	})
}
