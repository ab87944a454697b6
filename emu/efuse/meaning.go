package efuse

import (
	"encoding/hex"
	"errors"
	"math"
	"slices"
	"strconv"
	"strings"
)

// addMeaning adds a field of which only the displayed value is known, as in
// JSON summaries before raw_value.
func (a *assembler) addMeaning(f Field, value any) error {
	switch v := value.(type) {
	case bool:
		if f.Kind == Bool {
			return a.number(f, boolBit(v), 0)
		}
	case float64:
		if raw, ok := unscale(f, v); ok {
			return a.number(f, raw, 0)
		}
	case string:
		return a.addText(f, v, 0)
	}
	return a.fail(0, "value of %s is none that espefuse shows", f.Name)
}

// addText adds a field of which the displayed text is known.
func (a *assembler) addText(f Field, text string, at int) error {
	switch {
	case f.Kind == Bytes:
		if value, ok := bytesOf(f, text); ok {
			return errors.Join(a.put(f, value, at), a.addCRC(f, text, at))
		}
	case f.Name == "XPD_SDIO_TIEH" && text == tiehHighText:
		return a.number(f, 1, at)
	case f.Name == "XPD_SDIO_TIEH" && text == tiehLowText:
		return a.number(f, 0, at)
	case f.Name == "MAC_VERSION" && text == customMACText:
		return a.number(f, 1, at)
	case f.Name == "CODING_SCHEME":
		for c := CodingNone; c < CodingNoneRecovery; c++ {
			if schemeText(c) == text {
				return a.number(f, uint64(c), at)
			}
		}
	}
	return a.fail(at, "value of %s is none that espefuse shows", f.Name)
}

// addCRC adds the check byte that is shown behind an address: before v3 it had
// no field of its own.
func (a *assembler) addCRC(f Field, text string, at int) error {
	_, rest, ok := strings.Cut(text, " (CRC ")
	if !ok || f.WholeBlock() {
		return nil
	}
	crc, _, _ := strings.Cut(rest, " ")
	v, ok := rawNumber(crc)
	if !ok {
		return a.fail(at, "%s has no check byte behind CRC", f.Name)
	}
	return a.number(a.index[f.Name+"_CRC"], v, at)
}

// unscale is the reverse of scale.
func unscale(f Field, shown float64) (raw uint64, ok bool) {
	if f.Kind == Bytes || shown != math.Trunc(shown) || math.Abs(shown) > math.MaxUint32 {
		return 0, false
	}
	if f.Len > 16 {
		return uint64(shown), shown >= 0
	}
	for v := range 1 << f.Len {
		if scale(f, v) == int(shown) {
			return uint64(v), true
		}
	}
	return 0, false
}

// bytesOf reads the bytes of a field as a summary shows them: a block as they
// lie, the factory address back to front, and what follows an address left out.
func bytesOf(f Field, text string) (value []byte, ok bool) {
	if strings.Contains(f.Name, "MAC") {
		text, _, _ = strings.Cut(text, " (")
	}
	value, ok = hexBytes(text)
	if f.Name == "MAC" {
		slices.Reverse(value)
	}
	return value, ok && (f.WholeBlock() || len(value) == f.Len/8)
}

// hexBytes reads bytes in hexadecimal, apart or not.
func hexBytes(text string) ([]byte, bool) {
	if len(text) > 4*BlockSize {
		return nil, false
	}
	b, err := hex.DecodeString(strings.NewReplacer(" ", "", ":", "").Replace(text))
	return b, err == nil
}

// rawNumber reads 0x... or 0b....
func rawNumber(text string) (uint64, bool) {
	v, err := strconv.ParseUint(text, 0, 64)
	return v, err == nil
}

func trimHexPrefix(text string) string { return strings.TrimPrefix(text, "0x") }

func boolBit(v bool) uint64 {
	if v {
		return 1
	}
	return 0
}
