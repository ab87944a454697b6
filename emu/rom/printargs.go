package rom

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

// untilNUL returns a string argument as C sees it: up to the first NUL.
func untilNUL[T string | []byte](s T) T {
	for i := range len(s) {
		if s[i] == 0 {
			return s[:i]
		}
	}
	return s
}

// upper puts the digits of a hexadecimal number in capitals.
func upper(b []byte) []byte {
	for i, c := range b {
		if c >= 'a' {
			b[i] = c - 'a' + 'A'
		}
	}
	return b
}
