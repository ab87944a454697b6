package uf2_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/bootsim/bootsim/bootsim/input/uf2"
)

// What is written for a family is read back for it, whatever the blocks hold.
func TestWriteRead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := uf2.Writer{Family: rapid.SampledFrom([]uint32{uf2.FamilyESP32, 0xD42BA06C}).Draw(t, "family"),
			MD5: rapid.Bool().Draw(t, "md5"), Chunk: 4 * rapid.IntRange(0, 120).Draw(t, "chunk/4")}
		first := rapid.SliceOfN(rapid.Byte(), 1, 2000).Draw(t, "first")
		second := rapid.SliceOfN(rapid.Byte(), 1, 2000).Draw(t, "second")
		b := w.Append(w.Append(nil, 0x1000, first), 0x10000, second)
		got, err := uf2.Parse(b, w.Family)
		require.NoError(t, err)
		require.Equal(t, []uf2.Region{{Address: 0x1000, Data: first}, {Address: 0x10000, Data: second}}, got)
	})
}
