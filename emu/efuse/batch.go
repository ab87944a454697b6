package efuse

import (
	"fmt"
)

// Batch gathers changes, checks them as espefuse does and burns them together:
// BLOCK3 first and BLOCK0, which holds the protection bits, last. Nothing is
// burnt before Commit, and nothing at all if a check fails. Values are read as
// software reads them, and data is coded as the chip's scheme asks.
type Batch struct {
	// Force lets bits be added to a field or block that already holds others,
	// and ignores protections and the coding scheme's groups, like
	// --force-write-always. Protected bits stay as they are even so.
	Force   bool
	set     *Set
	pending [BlockCount][BlockSize]byte // data to burn, before coding
}

// Begin returns an empty batch for a chip.
func (s *Set) Begin() *Batch { return &Batch{set: s} }

// ValueError tells that a value does not fit a field. It never contains the
// content of a key.
type ValueError struct {
	Field  string
	Reason string
}

// Error names the field.
func (e *ValueError) Error() string { return fmt.Sprintf("eFuse %s: %s", e.Field, e.Reason) }

// ClearError tells that a burn was meant to clear bits, which no burn can.
type ClearError struct{ Field string }

// Error says what is possible.
func (e *ClearError) Error() string {
	return fmt.Sprintf("eFuse %s already has bits set that the new value lacks, and a burnt bit stays: give a value that keeps them", e.Field)
}

// ProtectedError tells that a field can no longer be burnt or verified.
type ProtectedError struct {
	Field string
	Read  bool // read-protected: nobody could tell what was burnt
}

// Error names the protection.
func (e *ProtectedError) Error() string {
	if e.Read {
		return fmt.Sprintf("eFuse %s is read-protected: burning over a value that cannot be seen may destroy it", e.Field)
	}
	return fmt.Sprintf("eFuse %s is write-protected by WR_DIS and cannot change any more", e.Field)
}

// Field asks that a field reads v afterwards. Bits that are already burnt are
// no change. *ValueError when v is too large, the field is derived or longer
// than 64 bits; *ClearError, *ProtectedError.
func (b *Batch) Field(f Field, v uint64) error {
	switch {
	case f.Derived:
		return &ValueError{Field: f.Name, Reason: "is computed from other fields and cannot be burnt"}
	case f.Len > 64:
		return &ValueError{Field: f.Name, Reason: "is burnt as bytes, not as a number"}
	case f.Len < 64 && v>>f.Len != 0:
		return &ValueError{Field: f.Name, Reason: fmt.Sprintf("%d is too large for %d bits", v, f.Len)}
	}
	value := make([]byte, 8)
	for i := range value {
		value[i] = byte(v >> (8 * i))
	}
	return b.add(f, value[:(f.Len+7)/8])
}

// FieldBytes asks that a field of bytes, a whole block above all, reads value
// afterwards. *KeySizeError for a block, *ValueError for another field when the
// length is wrong; *ClearError, *ProtectedError.
func (b *Batch) FieldBytes(f Field, value []byte) error {
	if want := b.set.FieldLen(f) / 8; f.WholeBlock() && len(value) != want {
		return &KeySizeError{Block: f.Block, Size: len(value), Want: want, Scheme: b.set.softScheme()}
	}
	if f.Derived || len(value) != (b.set.FieldLen(f)+7)/8 {
		return &ValueError{Field: f.Name, Reason: fmt.Sprintf("takes %d bytes, not %d", (f.Len+7)/8, len(value))}
	}
	return b.add(f, value)
}

// add checks a new value against what is burnt or about to be.
func (b *Batch) add(f Field, value []byte) error {
	n := b.set.FieldLen(f)
	want := insert(value, f.Bit, n)
	mask := insert(ones(n), f.Bit, n)
	burnt := intersect(b.set.softData(f.Block), mask)
	planned := intersect(b.pending[f.Block], mask)
	if intersect(want, burnt) == want || want == planned {
		return nil
	}
	masks := f.Name == "WR_DIS" || f.Name == "RD_DIS" // bits of these are added one by one
	if old := union(burnt, planned); !masks && union(want, old) != want && !b.Force {
		return &ClearError{Field: f.Name}
	}
	if err := b.checkProtection(f); err != nil {
		return err
	}
	b.pending[f.Block] = union(b.pending[f.Block], want)
	return nil
}

func (b *Batch) checkProtection(f Field) error {
	switch {
	case b.Force:
		return nil
	case !b.set.Readable(f):
		return &ProtectedError{Field: f.Name, Read: true}
	case !b.set.Writeable(f):
		return &ProtectedError{Field: f.Name}
	}
	return nil
}

// Data adds bits to a block's data without regard to fields. *KeySizeError
// unless data fills the block: 28 bytes of BLOCK0, what the coding scheme
// leaves of the others.
func (b *Batch) Data(block int, data []byte) error {
	if block < 0 || block >= BlockCount {
		return &BurnError{Block: block, Words: len(data) / 4}
	}
	if want := b.dataSize(block); len(data) != want {
		return &KeySizeError{Block: block, Size: len(data), Want: want, Scheme: b.set.softScheme()}
	}
	b.pending[block] = union(b.pending[block], insert(data, 0, 8*len(data)))
	return nil
}

func (b *Batch) dataSize(block int) int {
	if block == 0 {
		return Block0Size
	}
	return b.set.softScheme().DataSize()
}

func ones(n int) []byte {
	b := make([]byte, (n+7)/8)
	for i := range b {
		b[i] = 0xFF
	}
	return b
}

func intersect(a, b [BlockSize]byte) [BlockSize]byte {
	for i := range a {
		a[i] &= b[i]
	}
	return a
}
