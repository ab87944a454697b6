package espimage_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/bootsim/bootsim/flashmodel/espimage"
)

// LengthOf finds what Parse finds, for images and for anything else.
func TestLengthOfAgreesWithParse(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		h := espimage.DefaultHeader(0x40080000)
		h.HashAppended = rapid.SampledFrom([]uint8{0, 1}).Draw(rt, "hash")
		var segments []espimage.Data
		for range rapid.IntRange(0, 4).Draw(rt, "segments") {
			segments = append(segments, espimage.Data{LoadAddr: 0x40080000, Bytes: rapid.SliceOfN(rapid.Byte(), 0, 40).Draw(rt, "bytes")})
		}
		b := espimage.Build(espimage.Spec{Header: h, Segments: segments})
		b = append(b, rapid.SliceOfN(rapid.Byte(), 0, 20).Draw(rt, "behind")...)
		if rapid.Bool().Draw(rt, "spoil") {
			b[rapid.IntRange(0, len(b)-1).Draw(rt, "at")] = rapid.Byte().Draw(rt, "with")
		}
		b = b[:rapid.IntRange(0, len(b)).Draw(rt, "cut")]
		n, err := espimage.LengthOf(func(at uint32, p []byte) { copy(p, b[at:]) }, uint32(len(b)))
		im, want := espimage.Parse(b)
		require.Equal(rt, want == nil, err == nil, "%v, %v", want, err)
		if err == nil {
			require.Equal(rt, im.Length, n)
		}
	})
}

// An image may fill its room to the last byte, and nothing is read past it: what
// lies there belongs to somebody else.
func TestLengthOfAtTheLimit(t *testing.T) {
	b := espimage.Build(espimage.Spec{Header: espimage.DefaultHeader(0x40080000),
		Segments: []espimage.Data{{LoadAddr: 0x40080000, Bytes: make([]byte, 40)}, {LoadAddr: 0x40080100, Bytes: make([]byte, 8)}}})
	for limit := range uint32(len(b)) + 1 {
		n, err := espimage.LengthOf(func(at uint32, p []byte) {
			require.LessOrEqual(t, at+uint32(len(p)), limit)
			copy(p, b[at:])
		}, limit)
		if limit == uint32(len(b)) {
			require.NoError(t, err)
			require.Equal(t, limit, n)
			continue
		}
		var format *espimage.FormatError
		require.ErrorAs(t, err, &format, "limit %d", limit)
	}
}
