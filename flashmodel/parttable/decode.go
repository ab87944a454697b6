package parttable

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"unicode/utf16"
	"unicode/utf8"
)

// decodeUTF8 returns bytes as text. Bytes that are not UTF-8 give the error
// that Python's decoder raises.
func decodeUTF8(b []byte) (string, error) {
	for i := 0; i < len(b); {
		r, size := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && size == 1 {
			return "", utf8Error(b, i)
		}
		i += size
	}
	return string(b), nil
}

// utf8Error describes the bad sequence that starts at i: how many bytes of it
// still fit, and why it ends there.
func utf8Error(b []byte, i int) error {
	need, low, high := sequence(b[i])
	if need == 0 {
		return unicodeError("utf-8", b, i, i+1, "invalid start byte")
	}
	for n := 1; n < need; n++ {
		if i+n == len(b) {
			return unicodeError("utf-8", b, i, i+n, "unexpected end of data")
		}
		if c := b[i+n]; c < low || c > high {
			return unicodeError("utf-8", b, i, i+n, "invalid continuation byte")
		}
		low, high = 0x80, 0xBF
	}
	return unicodeError("utf-8", b, i, i+need, "invalid continuation byte")
}

// sequence returns the length of the sequence a byte starts, 0 for none, and
// the range of its second byte.
func sequence(c byte) (length int, low, high byte) {
	switch {
	case c >= 0xC2 && c <= 0xDF:
		return 2, 0x80, 0xBF
	case c == 0xE0:
		return 3, 0xA0, 0xBF
	case c == 0xED:
		return 3, 0x80, 0x9F
	case c >= 0xE1 && c <= 0xEF:
		return 3, 0x80, 0xBF
	case c == 0xF0:
		return 4, 0x90, 0xBF
	case c == 0xF4:
		return 4, 0x80, 0x8F
	case c >= 0xF1 && c <= 0xF3:
		return 4, 0x80, 0xBF
	}
	return 0, 0, 0
}

func unicodeError(codec string, b []byte, from, to int, reason string) error {
	where := fmt.Sprintf("bytes in position %d-%d", from, to-1)
	if to == from+1 {
		where = fmt.Sprintf("byte 0x%02x in position %d", b[from], from)
	}
	return &ExceptionError{"UnicodeDecodeError", fmt.Sprintf("'%s' codec can't decode %s: %s", codec, where, reason)}
}

// decodeText returns a CSV file as text. With marks, a byte order mark chooses
// the encoding; UTF-32 little-endian is taken for UTF-16, because its mark
// begins with that of UTF-16.
func decodeText(b []byte, marks bool) (string, error) {
	switch {
	case !marks:
	case bytes.HasPrefix(b, []byte("\xEF\xBB\xBF")):
		return decodeUTF8(b[3:])
	case bytes.HasPrefix(b, []byte{0xFF, 0xFE}):
		return decodeUTF16("utf-16-le", b, binary.LittleEndian)
	case bytes.HasPrefix(b, []byte{0xFE, 0xFF}):
		return decodeUTF16("utf-16-be", b, binary.BigEndian)
	case bytes.HasPrefix(b, []byte{0, 0, 0xFE, 0xFF}):
		return decodeUTF32(b)
	}
	return decodeUTF8(b)
}

// decodeUTF16 reads UTF-16 behind a mark of two bytes.
func decodeUTF16(codec string, b []byte, order binary.ByteOrder) (string, error) {
	units := make([]uint16, 0, len(b)/2)
	for i := 2; i+1 < len(b); i += 2 {
		units = append(units, order.Uint16(b[i:]))
	}
	for i := 0; i < len(units); i++ {
		if !utf16.IsSurrogate(rune(units[i])) {
			continue
		}
		at := 2 + 2*i
		if i+1 == len(units) && units[i] < 0xDC00 {
			return "", unicodeError(codec, b, at, len(b), "unexpected end of data")
		}
		if i+1 == len(units) || utf16.DecodeRune(rune(units[i]), rune(units[i+1])) == utf8.RuneError {
			return "", unicodeError(codec, b, at, at+2, surrogateReason(units[i]))
		}
		i++
	}
	if len(b)%2 == 1 {
		return "", unicodeError(codec, b, len(b)-1, len(b), "truncated data")
	}
	return string(utf16.Decode(units)), nil
}

// surrogateReason names the fault: a second half without a first, or the other
// way round.
func surrogateReason(unit uint16) string {
	if unit >= 0xDC00 {
		return "illegal encoding"
	}
	return "illegal UTF-16 surrogate"
}

// decodeUTF32 reads big-endian UTF-32 behind a mark of four bytes.
func decodeUTF32(b []byte) (string, error) {
	text := make([]rune, 0, len(b)/4)
	for i := 4; i < len(b); i += 4 {
		if i+4 > len(b) {
			return "", unicodeError("utf-32-be", b, i, len(b), "truncated data")
		}
		c := binary.BigEndian.Uint32(b[i:])
		if c > utf8.MaxRune {
			return "", unicodeError("utf-32-be", b, i, i+4, "code point not in range(0x110000)")
		}
		if utf16.IsSurrogate(rune(c)) {
			return "", unicodeError("utf-32-be", b, i, i+4, "code point in surrogate code point range(0xd800, 0xe000)")
		}
		text = append(text, rune(c))
	}
	return string(text), nil
}
