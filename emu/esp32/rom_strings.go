package esp32

import (
	"bytes"
	"strconv"
	"strings"
)

// maxString bounds a C string without an end, in bytes.
const maxString = 64 << 10

// cstring reads a string up to its NUL.
func (m *Machine) cstring(addr uint32) []byte {
	var b []byte
	for range maxString {
		c := byte(m.get(addr, 1))
		if c == 0 || m.faulted {
			return b
		}
		b = append(b, c)
		addr++
	}
	m.unmodelled("a string of more than %d bytes", maxString)
	return b
}

func (m *Machine) putString(addr uint32, b []byte) { m.putBytes(addr, append(bytes.Clone(b), 0)) }

// romStrings is the C library's string functions.
func romStrings() []Function {
	at := func(m *Machine, base uint32, i int) {
		if i < 0 {
			m.ret(0)
			return
		}
		m.ret(base + uint32(i))
	}
	limited := func(b []byte, n uint32) []byte { return b[:min(uint32(len(b)), n)] }
	list := []Function{
		served("strlen", 0x400014c0, func(m *Machine) { m.ret(uint32(len(m.cstring(m.arg(0))))) }),
		served("strnlen", 0x4000c628, func(m *Machine) { m.ret(m.lengthWithin(m.arg(0), m.arg(1))) }),
		served("strcmp", 0x40001274, func(m *Machine) { m.ret(difference(m.cstring(m.arg(0)), m.cstring(m.arg(1)), maxString)) }),
		served("strcoll", 0x40001398, func(m *Machine) { m.ret(difference(m.cstring(m.arg(0)), m.cstring(m.arg(1)), maxString)) }),
		served("strncmp", 0x4000c5f4, func(m *Machine) {
			m.ret(difference(m.within(m.arg(0), m.arg(2)), m.within(m.arg(1), m.arg(2)), m.arg(2)))
		}),
		served("strcasecmp", 0x400011cc, func(m *Machine) {
			m.ret(difference(bytes.ToLower(m.cstring(m.arg(0))), bytes.ToLower(m.cstring(m.arg(1))), maxString))
		}),
		served("strncasecmp", 0x40001550, func(m *Machine) {
			m.ret(difference(bytes.ToLower(m.within(m.arg(0), m.arg(2))), bytes.ToLower(m.within(m.arg(1), m.arg(2))), m.arg(2)))
		}),
		served("strcpy", 0x400013ac, func(m *Machine) { m.putString(m.arg(0), m.cstring(m.arg(1))); m.ret(m.arg(0)) }),
		served("strncpy", 0x400015d4, func(m *Machine) {
			n := m.arg(2)
			b := m.within(m.arg(1), n)
			m.putBytes(m.arg(0), b)
			m.fill(m.arg(0)+uint32(len(b)), 0, n-uint32(len(b)))
			m.ret(m.arg(0))
		}),
		served("strlcpy", 0x4000c584, func(m *Machine) {
			b, n := m.cstring(m.arg(1)), m.arg(2)
			if n > 0 {
				m.putString(m.arg(0), limited(b, n-1))
			}
			m.ret(uint32(len(b)))
		}),
		served("strcat", 0x4000c518, func(m *Machine) {
			m.putString(m.arg(0)+uint32(len(m.cstring(m.arg(0)))), m.cstring(m.arg(1)))
			m.ret(m.arg(0))
		}),
		served("strncat", 0x4000c5c4, func(m *Machine) {
			m.putString(m.arg(0)+uint32(len(m.cstring(m.arg(0)))), m.within(m.arg(1), m.arg(2)))
			m.ret(m.arg(0))
		}),
		served("strchr", 0x4000c53c, func(m *Machine) {
			at(m, m.arg(0), bytes.IndexByte(append(m.cstring(m.arg(0)), 0), byte(m.arg(1))))
		}),
		served("strrchr", 0x40001708, func(m *Machine) {
			at(m, m.arg(0), bytes.LastIndexByte(append(m.cstring(m.arg(0)), 0), byte(m.arg(1))))
		}),
		served("strstr", 0x4000c674, func(m *Machine) { at(m, m.arg(0), bytes.Index(m.cstring(m.arg(0)), m.cstring(m.arg(1)))) }),
		served("strspn", 0x4000c648, func(m *Machine) { m.ret(span8(m.cstring(m.arg(0)), m.cstring(m.arg(1)), true)) }),
		served("strcspn", 0x4000c558, func(m *Machine) { m.ret(span8(m.cstring(m.arg(0)), m.cstring(m.arg(1)), false)) }),
		served("atoi", 0x400566c4, func(m *Machine) { m.ret(leadingNumber(string(m.cstring(m.arg(0))))) }),
	}
	return append(list, romLetters()...)
}

// romLetters is the character classes, in the C locale.
func romLetters() []Function {
	class := func(fits func(c byte) bool) func(*Machine) {
		return func(m *Machine) {
			v := uint32(0)
			if c := m.arg(0); c < 0x80 && fits(byte(c)) {
				v = 1
			}
			m.ret(v)
		}
	}
	in := func(set string) func(byte) bool { return func(c byte) bool { return strings.IndexByte(set, c) >= 0 } }
	const digits, upper, lower = "0123456789", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz"
	return []Function{
		served("isdigit", 0x40000f64, class(in(digits))), served("isupper", 0x40000fe8, class(in(upper))),
		served("isalpha", 0x40000f18, class(in(upper+lower))), served("isalnum", 0x40000f04, class(in(digits+upper+lower))),
		served("isspace", 0x40000fd4, class(in(" \t\n\v\f\r"))),
		served("isprint", 0x40000fa8, class(func(c byte) bool { return c >= ' ' && c < 0x7F })),
		served("toupper", 0x40001884, func(m *Machine) { m.ret(shiftCase(m.arg(0), 'a', 'z', -32)) }),
		served("tolower", 0x40001868, func(m *Machine) { m.ret(shiftCase(m.arg(0), 'A', 'Z', 32)) }),
	}
}

func shiftCase(c, first, last uint32, by int32) uint32 {
	if c >= first && c <= last {
		return c + uint32(by)
	}
	return c
}

// within reads at most n bytes of a string.
func (m *Machine) within(addr, n uint32) []byte {
	var b []byte
	for i := uint32(0); i < n && i < maxString && !m.faulted; i++ {
		c := byte(m.get(addr+i, 1))
		if c == 0 {
			break
		}
		b = append(b, c)
	}
	return b
}

func (m *Machine) lengthWithin(addr, n uint32) uint32 { return uint32(len(m.within(addr, n))) }

// difference compares two strings of at most n bytes, their ends included.
func difference(a, b []byte, n uint32) uint32 {
	a, b = append(bytes.Clone(a), 0), append(bytes.Clone(b), 0)
	for i := 0; i < min(len(a), len(b)) && uint32(i) < n; i++ {
		if a[i] != b[i] {
			return uint32(a[i]) - uint32(b[i])
		}
	}
	return 0
}

// span8 counts bytes at the beginning that are in a set, or are not.
func span8(s, set []byte, in bool) uint32 {
	for i, c := range s {
		if bytes.IndexByte(set, c) >= 0 != in {
			return uint32(i)
		}
	}
	return uint32(len(s))
}

// leadingNumber is atoi.
func leadingNumber(s string) uint32 {
	s = strings.TrimLeft(s, " \t\n\v\f\r")
	end := 0
	for end < len(s) && (s[end] >= '0' && s[end] <= '9' || end == 0 && (s[0] == '-' || s[0] == '+')) {
		end++
	}
	v, _ := strconv.ParseInt(s[:end], 10, 64)
	return uint32(v)
}
