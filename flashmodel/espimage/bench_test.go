package espimage_test

import (
	"crypto/sha256"
	"testing"

	"github.com/bootsim/bootsim/flashmodel/espimage"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// The words give what the bytes give, at any length and alignment.
func TestXOR(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := rapid.SliceOfN(rapid.Byte(), 0, 200).Draw(t, "bytes")
		b = b[rapid.IntRange(0, len(b)).Draw(t, "from"):]
		var want byte
		for _, c := range b {
			want ^= c
		}
		require.Equal(t, want, espimage.XOR(b))
	})
}

func BenchmarkXOR(b *testing.B) {
	p := make([]byte, 1<<20)
	b.SetBytes(1 << 20)
	for b.Loop() {
		_ = espimage.XOR(p)
	}
}

// What the standard library takes for the hash of 1 MiB: the limit of every
// image that was not verified before.
func BenchmarkSHA256(b *testing.B) {
	p := make([]byte, 1<<20)
	b.SetBytes(1 << 20)
	for b.Loop() {
		_ = sha256.Sum256(p)
	}
}

// An application of 1 MiB with a hash: the time goes into SHA-256.
func BenchmarkParse(b *testing.B) {
	image := espimage.Build(espimage.Spec{
		Header:   espimage.DefaultHeader(0x40080000),
		Segments: []espimage.Data{{LoadAddr: 0x3f400020, Bytes: make([]byte, 1<<20)}},
	})
	b.SetBytes(int64(len(image)))
	b.ReportAllocs()
	for b.Loop() {
		if im, err := espimage.Parse(image); err != nil || !im.HashOK() || !im.ChecksumOK() {
			b.Fatal("not the image that was built", err)
		}
	}
}
