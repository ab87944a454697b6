package efuse

import (
	"fmt"
	"slices"
)

// Kind is how the bits of a field are to be read.
type Kind uint8

// The kinds of field.
const (
	Bool Kind = iota
	Uint
	Bytes // least significant byte first
)

// Field is a named group of bits, as Espressif's tools and ESP-IDF name it.
type Field struct {
	Name    string
	Aliases []string // other names that espefuse v4 and v5 accept
	Other   []string // names of espefuse before v3 and of its key commands
	Block   int
	Bit     int // first bit in the block's data, that is after decoding
	Len     int // bits; of a whole block without coding
	Kind    Kind
	// Category is the heading under which espefuse's summary shows the field.
	Category string
	WriteBit int // bit of WR_DIS that protects it; -1 for none
	ReadBit  int // bit of RD_DIS that hides it; -1 for none
	// Derived fields have no bits of their own: they are computed from others.
	Derived bool
}

// UnknownFieldError tells that no eFuse of the classic ESP32 has a name.
type UnknownFieldError struct {
	Name    string
	Closest string // the nearest known name, or ""
}

// Error names the nearest field.
func (e *UnknownFieldError) Error() string {
	if e.Closest == "" {
		return fmt.Sprintf("the ESP32 has no eFuse field %q", e.Name)
	}
	return fmt.Sprintf("the ESP32 has no eFuse field %q: did you mean %q?", e.Name, e.Closest)
}

// Names returns every name of the field, its own first.
func (f Field) Names() []string {
	return slices.Concat([]string{f.Name}, f.Aliases, f.Other)
}

// WholeBlock tells whether the field is all of BLOCK1, 2 or 3, whose length
// follows from the coding scheme.
func (f Field) WholeBlock() bool { return f.Block > 0 && f.Bit == 0 && f.Len == 8*BlockSize }

// Fields returns every field of the classic ESP32 that espefuse v4.12 and
// v5.3.1 know, in the order in which their summaries list them within a
// category.
func Fields() []Field { return fieldTable() }

// Lookup finds a field by any of its names, in capitals as the tools write
// them. *UnknownFieldError otherwise.
func Lookup(name string) (Field, error) {
	for _, f := range fieldTable() {
		if slices.Contains(f.Names(), name) {
			return f, nil
		}
	}
	return Field{}, &UnknownFieldError{Name: clip(name), Closest: closest(name)}
}

// mustField is Lookup for the names that this package itself uses.
func mustField(name string) Field {
	f, err := Lookup(name)
	if err != nil {
		panic(err)
	}
	return f
}

// Get returns the bits of a field as software reads them: zero when they are
// read-protected. Of a field longer than 64 bits it returns the lowest 64, of
// a derived one the computed value; WAFER_VERSION_MAJOR is then that of a chip
// without the third revision bit (see Revision).
func (s *Set) Get(f Field) uint64 {
	if f.Derived {
		return s.derived(f, false)
	}
	return extract(s.softData(f.Block), f)
}

// GetHidden returns what Get returns, whether or not software may read it: what
// hardware goes by.
func (s *Set) GetHidden(f Field) uint64 {
	if f.Derived {
		return s.derived(f, false)
	}
	return extract(s.hardData(f.Block), f)
}

// Bytes returns the bits of a field as software reads them, least significant
// byte first. A whole block under 3/4 coding has 24 bytes. They may be a key:
// never print them.
func (s *Set) Bytes(f Field) []byte {
	if f.Derived {
		return []byte{byte(s.derived(f, false))}
	}
	return cut(s.softData(f.Block), f.Bit, s.FieldLen(f))
}

// FieldLen returns the length of a field in bits: its own, or what the coding
// scheme, as software sees it, leaves of a whole block.
func (s *Set) FieldLen(f Field) int {
	if f.WholeBlock() {
		return 8 * s.softScheme().DataSize()
	}
	return f.Len
}

func extract(data [BlockSize]byte, f Field) (v uint64) {
	for i, b := range cut(data, f.Bit, min(f.Len, 64)) {
		v |= uint64(b) << (8 * i)
	}
	return v
}

// cut returns n bits from bit on, least significant first.
func cut(data [BlockSize]byte, bit, n int) []byte {
	out := make([]byte, (n+7)/8)
	for i := range n {
		if data[(bit+i)/8]>>((bit+i)%8)&1 == 1 {
			out[i/8] |= 1 << (i % 8)
		}
	}
	return out
}

// insert returns a block with value in the bits of a field and zeros elsewhere.
func insert(value []byte, bit, n int) (data [BlockSize]byte) {
	for i := range min(n, 8*len(value)) {
		if value[i/8]>>(i%8)&1 == 1 {
			data[(bit+i)/8] |= 1 << ((bit + i) % 8)
		}
	}
	return data
}

// derived computes a field that has no bits of its own.
func (s *Set) derived(f Field, apbBit bool) uint64 {
	if f.Name == "PKG_VERSION" {
		return uint64(s.Package())
	}
	return uint64(s.Revision(apbBit).Major)
}

// clip keeps a name from a file short enough for an error.
func clip(name string) string {
	if len(name) > 40 {
		return name[:40] + "..."
	}
	return name
}
