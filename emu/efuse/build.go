package efuse

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// FromFields builds the eFuses of a chip from fields by name, as a
// configuration file gives them. Names are those of Lookup. Values are the raw
// bits of the field: a bool, a number, or a string with one ("0x1", "0b101",
// "7", "true"). Fields of bytes take a []byte, or a string of hexadecimal bytes
// with or without blanks; MAC and CUSTOM_MAC also an address with colons.
//
// BLOCK1 to BLOCK3 take the bytes as they lie in the block; under the names
// flash_encryption and secure_boot_v1 they are in the order of the key file,
// that is back to front. Addresses get their check byte, and CUSTOM_MAC its
// MAC_VERSION, unless these are given. Nothing is a burn.
//
// The error joins one *UnknownFieldError, *ValueError or *KeySizeError for each
// field that is wrong, in the order of their names.
func FromFields(fields map[string]any) (*Set, error) {
	b := builder{given: map[string]string{}, set: New()}
	names := slices.Sorted(maps.Keys(fields))
	slices.SortStableFunc(names, func(x, y string) int { return codingFirst(y) - codingFirst(x) })
	var errs []error
	for _, name := range names {
		errs = append(errs, b.add(name, fields[name]))
	}
	b.completeMACs()
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	for block := 1; block < BlockCount; block++ {
		b.set.place(block, b.set.CodingScheme().encode(b.data[block]))
	}
	return b.set, nil
}

// codingFirst puts the coding scheme before the blocks whose size it decides.
func codingFirst(name string) int {
	if name == "CODING_SCHEME" {
		return 1
	}
	return 0
}

type builder struct {
	set   *Set // BLOCK0 alone until the end
	data  [BlockCount][BlockSize]byte
	known [BlockCount][BlockSize]byte
	given map[string]string // the name by which each field was given
}

func (b *builder) add(name string, value any) error {
	f, err := Lookup(name)
	if err != nil {
		return err
	}
	if f.Derived {
		return &ValueError{Field: name, Reason: "is computed from other fields: set those"}
	}
	if other, twice := b.given[f.Name]; twice {
		return &ValueError{Field: name, Reason: "is the same field as " + other}
	}
	b.given[f.Name] = name
	bits, err := b.bits(f, name, value)
	if err != nil {
		return err
	}
	return b.merge(f, name, bits)
}

// merge puts the bits of a field where they belong.
func (b *builder) merge(f Field, name string, value []byte) error {
	n := b.len(f)
	want, mask := insert(value, f.Bit, n), insert(ones(n), f.Bit, n)
	both := intersect(mask, b.known[f.Block])
	if intersect(want, both) != intersect(b.data[f.Block], both) {
		return &ValueError{Field: name, Reason: fmt.Sprintf("contradicts another field of BLOCK%d", f.Block)}
	}
	b.known[f.Block] = union(b.known[f.Block], mask)
	b.data[f.Block] = union(b.data[f.Block], want)
	if f.Block == 0 {
		b.set.place(0, b.data[0])
	}
	return nil
}

// len returns the length of a field in bits under the configured coding scheme,
// even if RD_DIS hides that from software.
func (b *builder) len(f Field) int {
	if f.WholeBlock() {
		return 8 * b.set.CodingScheme().DataSize()
	}
	return f.Len
}

// bits turns a configured value into the bits of a field.
func (b *builder) bits(f Field, name string, value any) ([]byte, error) {
	if f.Kind == Bytes {
		return b.byteValue(f, name, value)
	}
	v, ok := number(value)
	if !ok {
		return nil, &ValueError{Field: name, Reason: "takes a whole number that is not negative, such as 1, 0x1 or true"}
	}
	if v>>f.Len != 0 {
		return nil, &ValueError{Field: name, Reason: fmt.Sprintf("%d is too large for %d bits", v, f.Len)}
	}
	bytes := make([]byte, 8)
	for i := range bytes {
		bytes[i] = byte(v >> (8 * i))
	}
	return bytes, nil
}

func (b *builder) byteValue(f Field, name string, value any) ([]byte, error) {
	data, ok := value.([]byte)
	data = slices.Clone(data)
	if text, isText := value.(string); isText {
		data, ok = hexBytes(strings.TrimPrefix(text, "0x"))
	}
	if !ok {
		return nil, &ValueError{Field: name, Reason: "takes bytes in hexadecimal"}
	}
	want := b.len(f) / 8
	switch {
	case f.WholeBlock() && len(data) != want:
		return nil, &KeySizeError{Block: f.Block, Size: len(data), Want: want, Scheme: b.set.CodingScheme()}
	case len(data) != want:
		return nil, &ValueError{Field: name, Reason: fmt.Sprintf("takes %d bytes, not %d", want, len(data))}
	}
	if keyIsReversed(name) || f.Name == "MAC" {
		slices.Reverse(data)
	}
	return data, nil
}

// completeMACs adds what goes with an address when it was not given.
func (b *builder) completeMACs() {
	if _, ok := b.given["MAC"]; ok {
		m, _ := b.set.MAC()
		b.complete("MAC_CRC", m.CRC())
	}
	if _, ok := b.given["CUSTOM_MAC"]; ok {
		m := MAC(b.data[3][1:7])
		b.complete("CUSTOM_MAC_CRC", m.CRC())
		b.complete("MAC_VERSION", 1)
	}
}

func (b *builder) complete(name string, v uint8) {
	f := mustField(name)
	mask := insert(ones(f.Len), f.Bit, f.Len)
	if intersect(b.known[f.Block], mask) != [BlockSize]byte{} {
		return // given, alone or with its whole block
	}
	b.data[f.Block] = union(b.data[f.Block], insert([]byte{v}, f.Bit, f.Len))
	if f.Block == 0 {
		b.set.place(0, b.data[0])
	}
}
