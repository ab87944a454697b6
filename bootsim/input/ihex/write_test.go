package ihex_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/bootsim/bootsim/bootsim/input/ihex"
)

// What is written is read back the same, neighbours joined, in records of 16
// bytes that stay within 64 KiB.
func TestWriteRead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var regions, want []ihex.Region
		next := rapid.SampledFrom([]uint64{0, 1, 0xFFF0, 0xFFFF, 0x10000, 0x3FFFFF, 1<<32 - 70000}).Draw(t, "start")
		for range rapid.IntRange(1, 4).Draw(t, "regions") {
			data := slices.Repeat([]byte{byte(next)}, rapid.SampledFrom([]int{0, 1, 15, 16, 17, 300, 65537}).Draw(t, "length"))
			if next+uint64(len(data)) > math.MaxUint32+1 {
				break
			}
			r := ihex.Region{Address: uint32(next), Data: data}
			regions = append(regions, r)
			n := len(want)
			switch {
			case len(data) == 0:
			case n > 0 && uint64(want[n-1].Address)+uint64(len(want[n-1].Data)) == next:
				want[n-1].Data = slices.Concat(want[n-1].Data, data)
			default:
				want = append(want, r)
			}
			next += uint64(len(data)) + rapid.SampledFrom([]uint64{0, 0, 1, 16, 70000}).Draw(t, "gap")
		}
		text, err := ihex.Write(rapid.Permutation(regions).Draw(t, "order"))
		require.NoError(t, err)
		got, err := ihex.Parse(text)
		require.NoError(t, err)
		require.Equal(t, want, got)
		for line := range strings.Lines(string(text)) {
			require.LessOrEqual(t, len(line), 1+2*(5+16)+1)
		}
	})
}

func TestWriteRefuses(t *testing.T) {
	for want, regions := range map[string][]ihex.Region{
		"overlaps":      {{Address: 0, Data: make([]byte, 3)}, {Address: 2, Data: make([]byte, 1)}},
		"address space": {{Address: math.MaxUint32, Data: make([]byte, 2)}},
	} {
		_, err := ihex.Write(regions)
		require.ErrorContains(t, err, want)
	}
}
