package espimage_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/bootsim/bootsim/flashmodel/espimage"
)

func drawBytes(t *rapid.T, most int, label string) []byte {
	return rapid.SliceOfN(rapid.Byte(), 0, most).Draw(t, label)
}

func drawText(t *rapid.T, most int, label string) string {
	return string(rapid.SliceOfN(rapid.ByteRange(' ', '~'), 0, most).Draw(t, label))
}

func drawHeader(t *rapid.T) espimage.Header {
	b := rapid.SliceOfN(rapid.Byte(), espimage.HeaderSize, espimage.HeaderSize).Draw(t, "header")
	b[0] = espimage.Magic
	h, err := espimage.DecodeHeader(b)
	require.NoError(t, err)
	require.Equal(t, [espimage.HeaderSize]byte(b), h.Encode(), "a header keeps every byte")
	return h
}

func drawSpec(t *rapid.T) espimage.Spec {
	s := espimage.Spec{
		Header: drawHeader(t),
		Fault:  espimage.Fault(rapid.IntRange(0, 3).Draw(t, "fault")),
	}
	for range rapid.IntRange(1, 20).Draw(t, "segments") {
		s.Segments = append(s.Segments, espimage.Data{
			LoadAddr: rapid.Uint32().Draw(t, "address"), Bytes: drawBytes(t, 70, "data")})
	}
	switch rapid.IntRange(0, 2).Draw(t, "descriptor") {
	case 1:
		s.App = &espimage.AppDesc{
			SecureVersion: rapid.Uint32().Draw(t, "secure version"),
			Version:       drawText(t, 32, "version"), Project: drawText(t, 32, "project"),
			Time: drawText(t, 16, "time"), Date: drawText(t, 16, "date"), IDFVersion: drawText(t, 32, "idf"),
			ELFSHA256: [32]byte(rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(t, "elf")),
		}
	case 2:
		s.Boot = &espimage.BootDesc{Version: rapid.Uint32().Draw(t, "version"),
			IDFVersion: drawText(t, 32, "idf"), DateTime: drawText(t, 24, "date")}
	}
	return s
}

// Parse reads what Build wrote, faults included, whatever follows the image.
func TestBuildParse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawSpec(t)
		b := espimage.Build(s)
		im, err := espimage.Parse(append(b, drawBytes(t, 40, "behind")...))
		require.NoError(t, err)
		require.Equal(t, len(b), int(im.Length))
		s.Header.SegmentCount = uint8(len(s.Segments))
		require.Equal(t, s.Header, im.Header)
		require.Equal(t, s.Fault&espimage.FaultChecksum == 0, im.ChecksumOK())
		if s.Header.HashAppended != 0 {
			require.Equal(t, s.Fault&espimage.FaultHash == 0, im.HashOK())
		} else {
			require.False(t, im.HashOK())
		}
		requireSegments(t, s, im, b)
		if s.App != nil {
			require.Equal(t, s.App, im.App)
		} else if s.Boot != nil {
			require.Equal(t, s.Boot, im.Boot)
		}
	})
}

func requireSegments(t *rapid.T, s espimage.Spec, im *espimage.Image, b []byte) {
	require.Len(t, im.Segments, len(s.Segments))
	for i, want := range s.Segments {
		got := im.Segments[i]
		require.Equal(t, want.LoadAddr, got.LoadAddr)
		data := b[got.DataOffset : got.DataOffset+got.Length]
		require.Equal(t, want.Bytes, data[len(data)-len(want.Bytes):])
		if i > 0 {
			require.Len(t, want.Bytes, len(data))
		}
	}
}

// An image that is cut anywhere is refused, and what Parse returns with the
// error agrees with the whole image.
func TestParseCut(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := espimage.Build(drawSpec(t))
		whole, err := espimage.Parse(b)
		require.NoError(t, err)
		n := rapid.IntRange(0, len(b)-1).Draw(t, "cut")
		im, err := espimage.Parse(b[:n])
		var format *espimage.FormatError
		require.ErrorAs(t, err, &format)
		require.LessOrEqual(t, int(format.Offset), len(b))
		if n < espimage.HeaderSize {
			require.Nil(t, im)
			return
		}
		require.Equal(t, whole.Header, im.Header)
		require.Equal(t, whole.Segments[:len(im.Segments)], im.Segments)
	})
}

// Aligned images agree with the addresses of their mapped segments modulo the
// page size, as a bootloader demands, and keep every other segment.
func TestBuildAlign(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := espimage.Spec{Header: espimage.DefaultHeader(0x40080000), Align: true}
		for range rapid.IntRange(1, 5).Draw(t, "segments") {
			base := rapid.SampledFrom([]uint32{espimage.DROMStart, espimage.IROMStart, espimage.IRAMStart}).Draw(t, "base")
			s.Segments = append(s.Segments, espimage.Data{
				LoadAddr: base + rapid.Uint32Range(0, 0x1FFFF).Draw(t, "address"), Bytes: drawBytes(t, 64, "data")})
		}
		im, err := espimage.Parse(espimage.Build(s))
		require.NoError(t, err)
		require.True(t, im.ChecksumOK() && im.HashOK())
		kept := 0
		for _, g := range im.Segments {
			if g.LoadAddr == 0 {
				continue
			}
			require.Equal(t, s.Segments[kept].LoadAddr, g.LoadAddr)
			kept++
			if espimage.ClassOf(g.LoadAddr).Mapped() {
				require.Equal(t, g.LoadAddr%espimage.MMUPageSize, g.DataOffset%espimage.MMUPageSize)
			}
		}
		require.Equal(t, len(s.Segments), kept)
	})
}
