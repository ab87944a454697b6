package efuse

import (
	"fmt"
	"strings"
)

// Value returns what espefuse shows for a field: a bool, an int, or a string
// for addresses, blocks and enumerations. apbBit is the third revision bit (see
// Revision). What software may not read is a string in which zeros became
// question marks. The string of a key block is the key: never print it.
func (s *Set) Value(f Field, apbBit bool) any {
	v := s.meaning(f, apbBit)
	if s.Readable(f) {
		return v
	}
	return strings.ReplaceAll(valueText(v), "0", "?")
}

// valueText writes a value as the tools' Python does.
func valueText(v any) string {
	switch v {
	case true:
		return "True"
	case false:
		return "False"
	}
	return fmt.Sprint(v)
}

func (s *Set) meaning(f Field, apbBit bool) any {
	raw := s.Get(f)
	switch {
	case f.Derived:
		return int(s.derived(f, apbBit))
	case f.Name == "XPD_SDIO_TIEH":
		return supplyText(raw)
	case f.Kind == Bool:
		return raw == 1
	case f.Kind == Bytes:
		return s.bytesText(f)
	case f.Name == "CODING_SCHEME":
		return schemeText(CodingScheme(raw))
	case f.Name == "MAC_VERSION" && raw == 1:
		return customMACText
	}
	return scale(f, int(raw))
}

// Texts by which espefuse shows enumerations.
const (
	customMACText = "Custom MAC in BLOCK3"
	tiehHighText  = "3.3V"
	tiehLowText   = "1.8V"
)

func supplyText(raw uint64) string {
	if raw == 1 {
		return tiehHighText
	}
	return tiehLowText
}

func schemeText(c CodingScheme) string {
	text := fmt.Sprintf("%s (BLK1-3 len=%d bits)", c, 8*c.DataSize())
	if c == CodingRepeat {
		text += " not supported"
	}
	return text
}

func (s *Set) bytesText(f Field) string {
	switch f.Name {
	case "MAC":
		m, _ := s.MAC()
		return macText(m, uint8(s.word(0, 2)>>16))
	case "CUSTOM_MAC":
		m, _, _ := s.CustomMAC()
		return macText(m, uint8(s.ReadWord(3, 0)))
	}
	return fmt.Sprintf("% x", s.Bytes(f))
}

func macText(m MAC, crc uint8) string {
	if m.CRC() == crc {
		return fmt.Sprintf("%s (CRC 0x%02x OK)", m, crc)
	}
	return fmt.Sprintf("%s (CRC 0x%02x invalid - calculated 0x%02x)", m, crc, m.CRC())
}

// scale turns the bits of a number into the unit that espefuse shows.
func scale(f Field, raw int) int {
	switch f.Name {
	case "ADC_VREF": // sign and magnitude, 7 mV a step around 1100 mV
		delta := raw & 0x0F
		if raw&0x10 != 0 {
			delta = -delta
		}
		return 1100 + 7*delta
	case "ADC1_TP_LOW":
		return 278 + 4*signed(raw, 7)
	case "ADC2_TP_LOW":
		return 421 + 4*signed(raw, 7)
	case "ADC1_TP_HIGH":
		return 3265 + 4*signed(raw, 9)
	case "ADC2_TP_HIGH":
		return 3406 + 4*signed(raw, 9)
	}
	if f.Category == spiPads && raw >= 30 {
		return raw + 2 // GPIO 30 and 31 do not exist
	}
	return raw
}

// spiPads is the category of the fields that name a GPIO.
const spiPads = "spi pad"

// signed reads n bits as two's complement.
func signed(raw, n int) int {
	if raw>>(n-1)&1 == 1 {
		return raw - 1<<n
	}
	return raw
}

// RawText returns the bits of a field, as software reads them, as espefuse's
// JSON summary has them in raw_value: hexadecimal, padded to the field's width;
// of bytes, the least significant first. Of a key block it is the key: never
// print it.
func (s *Set) RawText(f Field, apbBit bool) string {
	if f.Kind == Bytes {
		return fmt.Sprintf("0x%x", s.Bytes(f))
	}
	v := s.Get(f)
	if f.Derived {
		v = s.derived(f, apbBit)
	}
	return fmt.Sprintf("0x%0*x", (f.Len+3)/4, v)
}
