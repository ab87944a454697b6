package espimage_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/fixtures/refdata"
	"github.com/bootsim/bootsim/flashmodel/espimage"
)

// What esptool refuses, Parse refuses, at the offset where reading stops. The
// one exception is a hash flag of 2: a bootloader takes any value but 0 for a
// hash (spec 3.1), esptool only 1.
func TestImagesRefused(t *testing.T) {
	offsets := map[string]uint32{
		"magic-ea.bin": 0, "erased.bin": 0, "partition-table.bin": 0,
		"empty.bin": 0, "truncated-header.bin": 10, "truncated-segment.bin": 24,
		"length-past-end.bin": 24, "seventeen-segments.bin": 232, "segment-count-past-end.bin": 232,
	}
	refused := 0
	for _, r := range recorded(t) {
		if r.chip.RC == 0 {
			continue
		}
		refused++
		im, err := espimage.Parse(refdata.Read(t, "esptool", r.File))
		if r.File == "hash-flag-2.bin" {
			require.NoError(t, err)
			require.Equal(t, uint8(2), im.HashAppended)
			continue
		}
		var format *espimage.FormatError
		require.ErrorAs(t, err, &format, r.File)
		want, ok := offsets[r.File]
		require.True(t, ok, r.File)
		require.Equal(t, want, format.Offset, "%s: %v", r.File, err)
	}
	require.Equal(t, 10, refused)
}

// Build writes the bytes that esptool's images consist of.
func TestBuildAsReference(t *testing.T) {
	built := 0
	for _, r := range recorded(t) {
		b := refdata.Read(t, "esptool", r.File)
		im, err := espimage.Parse(b)
		if err != nil || !im.ChecksumOK() || im.HashAppended != 0 && !im.HashOK() {
			continue
		}
		built++
		spec := espimage.Spec{Header: im.Header}
		for _, s := range im.Segments {
			spec.Segments = append(spec.Segments, espimage.Data{
				LoadAddr: s.LoadAddr, Bytes: b[s.DataOffset : s.DataOffset+s.Length]})
		}
		require.Equal(t, b[:im.Length], espimage.Build(spec), r.File)
	}
	require.Equal(t, 23, built)
}

// The descriptors Build writes are those of the reference images.
func TestDescriptorsAsReference(t *testing.T) {
	for _, name := range []string{"good.bin", "secure-version-5.bin", "bootloader-desc.bin"} {
		b := refdata.Read(t, "esptool", name)
		im, err := espimage.Parse(b)
		require.NoError(t, err)
		var got []byte
		if im.App != nil {
			d := im.App.Encode()
			got = d[:]
		} else {
			d := im.Boot.Encode()
			got = d[:]
		}
		require.Equal(t, b[espimage.DescOffset:][:len(got)], got, name)
	}
}

// espsecure signs the same image by both schemes; each is found where espsecure
// put it.
func TestSignatures(t *testing.T) {
	plain := refdata.Read(t, "esptool", "signed", "boot-pad.bin")
	v1 := refdata.Read(t, "esptool", "signed", "signed-v1-boot-pad.bin")
	v2 := refdata.Read(t, "esptool", "signed", "signed-v2-boot-pad.bin")

	s1, err := espimage.SignatureV1(v1)
	require.NoError(t, err)
	require.Equal(t, uint32(len(plain)), s1.Offset)
	require.Zero(t, s1.Version)
	require.Equal(t, v1[len(plain)+4:], append(s1.R[:], s1.S[:]...))

	s2, err := espimage.SignatureV2(v2)
	require.NoError(t, err)
	require.Len(t, s2, 1, "espsecure reports one block")
	require.Equal(t, uint32(4096), s2[0].Offset)
	require.EqualValues(t, espimage.SignatureV2Magic, s2[0].Magic)
	require.EqualValues(t, espimage.SignatureV2Version, s2[0].Version)
	require.True(t, s2[0].CRCOK())
	require.Equal(t, uint32(65537), s2[0].Exponent)

	_, err = espimage.SignatureV1(plain)
	require.ErrorContains(t, err, "not signed")
	_, err = espimage.SignatureV2(plain)
	require.ErrorContains(t, err, "not signed")
}
