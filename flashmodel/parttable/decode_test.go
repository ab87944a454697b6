package parttable_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/flashmodel/parttable"
)

// What Python 3.11 says of bytes that are not in the encoding their byte order
// mark, or its absence, names.
func TestUndecodable(t *testing.T) {
	const (
		utf8    = "'utf-8' codec can't decode "
		utf16le = "'utf-16-le' codec can't decode "
		utf16be = "'utf-16-be' codec can't decode "
		utf32be = "'utf-32-be' codec can't decode "
	)
	for _, c := range []struct{ input, want string }{
		{"\xff", utf8 + "byte 0xff in position 0: invalid start byte"},
		{"a\x80", utf8 + "byte 0x80 in position 1: invalid start byte"},
		{"\xe9abc", utf8 + "byte 0xe9 in position 0: invalid continuation byte"},
		{"\xe9", utf8 + "byte 0xe9 in position 0: unexpected end of data"},
		{"\xe9\x80", utf8 + "bytes in position 0-1: unexpected end of data"},
		{"\xe9\x80a", utf8 + "bytes in position 0-1: invalid continuation byte"},
		{"\xc3\x28", utf8 + "byte 0xc3 in position 0: invalid continuation byte"},
		{"\xc0\x80", utf8 + "byte 0xc0 in position 0: invalid start byte"},
		{"\xed\xa0\x80", utf8 + "byte 0xed in position 0: invalid continuation byte"},
		{"\xf4\x90\x80\x80", utf8 + "byte 0xf4 in position 0: invalid continuation byte"},
		{"\xf0\x9f\x98", utf8 + "bytes in position 0-2: unexpected end of data"},
		{"\xf0\x9f\x98a", utf8 + "bytes in position 0-2: invalid continuation byte"},
		{"\xf5\x80", utf8 + "byte 0xf5 in position 0: invalid start byte"},
		{"\xe0\x80\x80", utf8 + "byte 0xe0 in position 0: invalid continuation byte"},
		{"\xf0\x80", utf8 + "byte 0xf0 in position 0: invalid continuation byte"},
		{"\xed\xa0", utf8 + "byte 0xed in position 0: invalid continuation byte"},
		{"\xef\xbb\xbf\xff", utf8 + "byte 0xff in position 0: invalid start byte"},
		{"\xff\xfea\x00b", utf16le + "byte 0x62 in position 4: truncated data"},
		{"\xff\xfe\x00\xd8", utf16le + "bytes in position 2-3: unexpected end of data"},
		{"\xff\xfe\x00\xd8a\x00", utf16le + "bytes in position 2-3: illegal UTF-16 surrogate"},
		{"\xff\xfe\x00\xdca\x00", utf16le + "bytes in position 2-3: illegal encoding"},
		{"\xfe\xff\xdc\x00\x00a", utf16be + "bytes in position 2-3: illegal encoding"},
		{"\xff\xfe\x00\xdc", utf16le + "bytes in position 2-3: illegal encoding"},
		{"\xff\xfe\x00\xd8a", utf16le + "bytes in position 2-4: unexpected end of data"},
		{"\xff\xfea\x00\x00\xd8\x00", utf16le + "bytes in position 4-6: unexpected end of data"},
		{"\xfe\xff\x00a\x00", utf16be + "byte 0x00 in position 4: truncated data"},
		{"\x00\x00\xfe\xff\x00\x00\x00a\x00", utf32be + "byte 0x00 in position 8: truncated data"},
		{"\x00\x00\xfe\xff\x00\x11\x00\x00", utf32be + "bytes in position 4-7: code point not in range(0x110000)"},
		{"\x00\x00\xfe\xff\x00\x00\xd8\x00", utf32be + "bytes in position 4-7: code point in surrogate code point range(0xd800, 0xe000)"},
		{"\x00\x00\xfe\xff\x00\x00\x00a\x00\x00\x00", utf32be + "bytes in position 8-10: truncated data"},
	} {
		_, err := parttable.Convert([]byte(c.input), parttable.Latest())
		var exception *parttable.ExceptionError
		require.ErrorAs(t, err, &exception, "%q", c.input)
		require.Equal(t, "UnicodeDecodeError", exception.Exception)
		require.Equal(t, c.want, exception.Text, "%q", c.input)
	}
}
