package efuse

import (
	"fmt"
	"slices"
)

// BurnField burns one field so that it reads v afterwards; see Batch.Field for
// the errors.
func (s *Set) BurnField(f Field, v uint64) error {
	b := s.Begin()
	if err := b.Field(f, v); err != nil {
		return err
	}
	return b.Commit()
}

// BurnData burns data bytes into BLOCK1, 2 or 3, coded as the chip's scheme
// asks; see Batch.Data and Batch.Commit for the errors.
func (s *Set) BurnData(block int, data []byte) error {
	b := s.Begin()
	if err := b.Data(block, data); err != nil {
		return err
	}
	return b.Commit()
}

// Key asks for a key file in a key block, named as espefuse burn-key does:
// BLOCK1, BLOCK2, BLOCK3 take the bytes as they are, and so does
// secure_boot_v2; flash_encryption and secure_boot_v1 reverse them, and are
// read-protected too when protect asks for write protection. Errors as of
// Batch.FieldBytes and Batch.WriteProtect; *UnknownFieldError for another name.
func (b *Batch) Key(name string, file []byte, protect bool) error {
	f, err := Lookup(name)
	if err != nil {
		return err
	}
	if !f.WholeBlock() {
		return &ValueError{Field: f.Name, Reason: "is no key block: use BLOCK1, BLOCK2, BLOCK3 or their key names"}
	}
	data := slices.Clone(file)
	hide := keyIsReversed(name)
	if hide {
		slices.Reverse(data)
	}
	if err := b.FieldBytes(f, data); err != nil || !protect {
		return err
	}
	if hide {
		if err := b.ReadProtect(f); err != nil {
			return err
		}
	}
	return b.WriteProtect(f)
}

// keyIsReversed tells whether a name stands for a key whose file is the block
// back to front.
func keyIsReversed(name string) bool {
	return name == "flash_encryption" || name == "secure_boot_v1"
}

// ReadProtect asks that software can no longer read a field, and all fields
// that share its bit of RD_DIS. *ValueError when it has none; *ProtectedError
// when RD_DIS itself is write-protected.
func (b *Batch) ReadProtect(f Field) error {
	return b.protect(f, "RD_DIS", f.ReadBit, "cannot be read-protected")
}

// WriteProtect asks that a field, and all fields that share its bit of WR_DIS,
// can no longer be burnt. *ValueError when it has none; *ProtectedError when
// WR_DIS itself is write-protected.
func (b *Batch) WriteProtect(f Field) error {
	return b.protect(f, "WR_DIS", f.WriteBit, "cannot be write-protected")
}

func (b *Batch) protect(f Field, register string, bit int, reason string) error {
	if bit < 0 {
		return &ValueError{Field: f.Name, Reason: reason}
	}
	r := mustField(register)
	if !b.set.Writeable(r) {
		return &ProtectedError{Field: register}
	}
	return b.Field(r, 1<<bit)
}

// CustomMAC asks for a user's address in BLOCK3, with its check byte and
// MAC_VERSION 1. *ValueError for a multicast address or when MAC_VERSION says
// that the block holds something else; *ClearError, *ProtectedError.
func (b *Batch) CustomMAC(m MAC) error {
	if m[0]&1 == 1 {
		return &ValueError{Field: "CUSTOM_MAC", Reason: "must be a unicast address: the first byte is even"}
	}
	version := mustField("MAC_VERSION")
	if v := b.set.Get(version); v > 1 && !b.Force {
		return &ValueError{Field: version.Name, Reason: fmt.Sprintf("is %d, not 0 or 1: BLOCK3 is used for something else", v)}
	}
	if err := b.Field(version, 1); err != nil {
		return err
	}
	if err := b.FieldBytes(mustField("CUSTOM_MAC"), m[:]); err != nil {
		return err
	}
	return b.Field(mustField("CUSTOM_MAC_CRC"), uint64(m.CRC()))
}
