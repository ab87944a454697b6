package input

import (
	"bytes"
	"errors"
	"testing"

	"github.com/spf13/afero"
	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/flashmodel/otadata"
	"github.com/bootsim/bootsim/flashmodel/parttable"
)

// All files together are bounded, and a file is counted once.
func TestTotalIsBounded(t *testing.T) {
	fs := afero.NewMemMapFs()
	require.NoError(t, afero.WriteFile(fs, "a", make([]byte, 100), 0o644))
	require.NoError(t, afero.WriteFile(fs, "b", make([]byte, 100), 0o644))
	s := newStore(fs)
	s.used = MaxTotal - 150
	for range 3 {
		b, err := s.read("a")
		require.NoError(t, err)
		require.Equal(t, 100, len(b))
		_, err = s.head("./a")
		require.NoError(t, err)
	}
	_, err := s.read("b")
	var size *SizeError
	require.True(t, errors.As(err, &size))
	require.True(t, size.Total)
	require.Contains(t, err.Error(), "name fewer files")
}

// Gaps are sectors of the flash, not of the file.
func TestGapsOfUnalignedData(t *testing.T) {
	data := bytes.Repeat([]byte{0xFF}, 3*sectorSize)
	require.Equal(t, []bootsim.Span{{Offset: 0x800, Size: 2 * sectorSize}}, gaps(data, 0x800))
	data[0x900] = 0
	require.Equal(t, []bootsim.Span{{Offset: 0x1800, Size: sectorSize}}, gaps(data, 0x800))
	require.Empty(t, gaps(data[:0x1800], 0x800))
}

// Bytes that happen to start like a row are no table.
func TestFindTable(t *testing.T) {
	row := parttable.Entry{Label: parttable.Label("nvs"), Type: 1, Subtype: 2, Offset: 0x9000, Size: 0x6000}.Encode()
	b := bytes.Repeat([]byte{0x5A}, 0xC000)
	copy(b[0x8000:], []byte{0xAA, 0x50, 1, 2, 3, 4, 5, 6})
	copy(b[0x9000:], row[:])
	copy(b[0xA010:], row[:]) // not at a sector
	at, rows := findTable(b, 0x1000)
	require.Equal(t, uint32(0x9000), at)
	require.Equal(t, 1, len(rows))
	at, _ = findTable(b, 0xA000)
	require.Zero(t, at)
}

// OTA data is two sectors at most; what is longer is something else.
func TestOTADataIsShort(t *testing.T) {
	e := otadata.New(1, otadata.StateUndefined).Encode()
	b := append(e[:], bytes.Repeat([]byte{0xFF}, 2*sectorSize-len(e))...)
	require.Equal(t, kindOTAData, sniff(b, int64(len(b))).kind)
	require.Equal(t, kindOTAData, sniff(append(bytes.Repeat([]byte{0xFF}, sectorSize), b[:sectorSize]...), 2*sectorSize).kind)
	require.Equal(t, kindOther, sniff(append(b, 0xFF), int64(len(b)+1)).kind)
}

// The limits of words in random bytes: ciphertext is told from what it is not.
func TestRandom(t *testing.T) {
	text := []byte{}
	for len(text) < 4096 {
		text = append(text, "The quick brown fox jumps over the lazy dog. 0123456789 "...)
	}
	require.False(t, random(text))
	require.False(t, random(make([]byte, 4096)))
	ramp := make([]byte, 4096)
	for i := range ramp {
		ramp[i] = byte(i * 7)
	}
	require.True(t, random(ramp), "as even as can be")
	require.False(t, random(ramp[:512]), "too short to tell")
}
