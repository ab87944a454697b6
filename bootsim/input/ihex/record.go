package ihex

import (
	"encoding/hex"
	"fmt"
)

// decode returns the bytes of a record, checksum verified.
func decode(line []byte, number int) ([]byte, error) {
	fail := func(format string, args ...any) ([]byte, error) {
		return nil, &Error{Line: number, Reason: fmt.Sprintf(format, args...)}
	}
	if len(line) == 0 || line[0] != ':' {
		return fail("a record starts with a colon")
	}
	b := make([]byte, hex.DecodedLen(len(line)-1))
	if _, err := hex.Decode(b, line[1:]); err != nil {
		return fail("not hexadecimal: %v", err)
	}
	if len(b) < 5 || len(b) != int(b[0])+5 {
		return fail("the record's length does not fit its count; the line is cut or damaged")
	}
	var sum byte
	for _, v := range b {
		sum += v
	}
	if sum != 0 {
		last := b[len(b)-1]
		return fail("checksum 0x%02x, expected 0x%02x", last, last-sum)
	}
	return b[:len(b)-1], nil
}

// length returns the number of data bytes of the records that have a fixed one.
func length(kind byte) (int, bool) {
	switch kind {
	case typeEnd:
		return 0, true
	case typeSegment, typeLinear:
		return 2, true
	case typeStartSegment, typeStartLinear:
		return 4, true
	}
	return 0, false
}
