package rom

import (
	"bytes"
	"strconv"
)

// word returns an integer argument as the 32 bits that the ROM sees.
func word(a any) uint32 {
	switch v := a.(type) {
	case int:
		return uint32(v)
	case int32:
		return uint32(v)
	case uint:
		return uint32(v)
	case uint8:
		return uint32(v)
	case uint16:
		return uint32(v)
	case uint32:
		return v
	}
	return 0
}

func signed(a any) []byte { return strconv.AppendInt(nil, int64(int32(word(a))), 10) }

// text returns a string argument as C sees it: up to the first NUL.
func text(a any) []byte {
	var b []byte
	switch v := a.(type) {
	case string:
		b = []byte(v)
	case []byte:
		b = v
	default:
		return []byte("<null>")
	}
	if i := bytes.IndexByte(b, 0); i >= 0 {
		b = b[:i]
	}
	return b
}

func upper(b []byte) []byte { return bytes.ToUpper(b) }
