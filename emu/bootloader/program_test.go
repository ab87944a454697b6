package bootloader

import (
	"encoding/binary"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/emu/xtensa"
	"github.com/bootsim/bootsim/flashmodel/espimage"
)

// codeAt is a program of an entry with a frame of 64 bytes, which calls what
// stands at 0x40078040 and refers to a word.
func codeAt(t *testing.T, word uint32, source string) *program {
	t.Helper()
	image := make([]byte, 0x200)
	put := func(at uint32, source string) {
		b, err := xtensa.Assemble(loaderBase+at, source)
		require.NoError(t, err)
		copy(image[at:], b)
	}
	binary.LittleEndian.PutUint32(image[0x20:], word)
	put(0, "entry a1, 64\nmovi a8, 26\ns8i a8, a1, 0\ncall8 0x40078040\nretw\n")
	put(0x40, source)
	copy(image[0x180:], "x\x00E (%d) %s: Possibly invalid CONFIG_XTAL_FREQ\x00y overlaps bootloader stack\x00")
	im := &espimage.Image{Header: espimage.Header{Entry: loaderBase}, Segments: []espimage.Segment{
		{LoadAddr: loaderBase, Length: 0x180}, {LoadAddr: 0x3FFF0000, Length: 0x80, DataOffset: 0x180},
	}}
	return programOf(im, image)
}

// The stack pointer is what the frames leave of the ROM's.
func TestStackPointerFromCode(t *testing.T) {
	const text = 0x3FFF0000 + 2 + 46
	sp, ok := codeAt(t, text, "entry a1, 48\nl32r a8, 0x40078020\nretw\n").stackPointer()
	require.True(t, ok)
	require.EqualValues(t, romStack-64-48, sp)
	_, ok = codeAt(t, 0x3FFF0000, "entry a1, 48\nl32r a8, 0x40078020\nretw\n").stackPointer()
	require.False(t, ok, "another text")
}

// A build's crystal is what is written next to the call of the clock's set-up.
func TestCrystalFromCode(t *testing.T) {
	const warning = 0x3FFF0000 + 2
	require.Equal(t, 26, codeAt(t, warning, "entry a1, 48\nl32r a8, 0x40078020\nretw\n").crystal())
	require.Equal(t, 26, codeAt(t, warning, "entry a1, 48\nmovi a8, 40\ns8i a8, a1, 0\nl32r a8, 0x40078020\nretw\n").crystal(), "only the caller counts")
	require.Zero(t, codeAt(t, 0x3FFF0000, "entry a1, 48\nl32r a8, 0x40078020\nretw\n").crystal())
}

// What is read of an image header tells how revisions are checked.
func TestRevisionLimitsFromCode(t *testing.T) {
	for source, want := range map[string][3]bool{
		"l8ui a8, a2, 14":                  {false, false, true},
		"l8ui a8, a2, 15\nl8ui a9, a2, 16": {true, false, true},
		"l8ui a8, a2, 15\nl8ui a9, a2, 16\nl8ui a8, a2, 17\nl8ui a9, a2, 18": {true, true, true},
		"l8ui a8, a2, 15\nl8ui a9, a3, 16":                                   {false, false, false},
		"l8ui a8, a2, 14\nl8ui a8, a2, 15\nl8ui a9, a2, 16":                  {false, false, false},
	} {
		full, upper, ok := codeAt(t, 0, "entry a1, 48\n"+source+"\nretw\n").revisionLimits()
		require.Equal(t, want, [3]bool{full, upper, ok}, source)
	}
}

// The function that the ROM enters is known where there is code.
func TestEntryFromCode(t *testing.T) {
	start, end, ok := codeAt(t, 0, "entry a1, 48\nretw\n").entered()
	require.True(t, ok)
	require.EqualValues(t, loaderBase, start)
	require.EqualValues(t, loaderBase+5*3, end)
	p := codeAt(t, 0, "entry a1, 48\nretw\n")
	p.entry = loaderBase + 0x20
	_, _, ok = p.entered()
	require.False(t, ok)
}
