package espimage

import (
	"bytes"
	"encoding/binary"
)

// AppDesc is the descriptor an application built with v3.3 or later carries in
// the first 256 data bytes of its first segment (spec 3.1).
type AppDesc struct {
	SecureVersion uint32   // anti-rollback version
	Version       string   // of the application, at most 32 bytes
	Project       string   // at most 32 bytes
	Time, Date    string   // of compilation, at most 16 bytes each
	IDFVersion    string   // at most 32 bytes
	ELFSHA256     [32]byte // of the ELF file the image was made from
	// MinBlockRev and MaxBlockRev bound the eFuse block revision, 100*major+
	// minor. They take reserved bytes that are zero before v5.4.
	MinBlockRev, MaxBlockRev uint16
}

// BootDesc is the descriptor of a bootloader built with v5.2 or later, in the
// first 80 data bytes of its first segment.
type BootDesc struct {
	SecureVersion uint8  // for anti-rollback of bootloaders (v5.5+), zero before
	Version       uint32 // of the project, 1 unless changed
	IDFVersion    string // at most 32 bytes
	DateTime      string // of compilation, at most 24 bytes
}

// DecodeAppDesc reads the application descriptor of the image that starts at
// b[0]. It reports false if there is none, or if b is too short for one.
func DecodeAppDesc(b []byte) (*AppDesc, bool) {
	if len(b) < DescOffset+AppDescSize || binary.LittleEndian.Uint32(b[DescOffset:]) != AppDescMagic {
		return nil, false
	}
	d := b[DescOffset : DescOffset+AppDescSize]
	return &AppDesc{
		SecureVersion: binary.LittleEndian.Uint32(d[4:]),
		Version:       text(d[16:48]),
		Project:       text(d[48:80]),
		Time:          text(d[80:96]),
		Date:          text(d[96:112]),
		IDFVersion:    text(d[112:144]),
		ELFSHA256:     [32]byte(d[144:176]),
		MinBlockRev:   binary.LittleEndian.Uint16(d[176:]),
		MaxBlockRev:   binary.LittleEndian.Uint16(d[178:]),
	}, true
}

// Encode returns the 256 bytes of the descriptor. Texts that are too long are
// cut without a terminating zero, as strncpy would.
func (d *AppDesc) Encode() [AppDescSize]byte {
	var b [AppDescSize]byte
	binary.LittleEndian.PutUint32(b[0:], AppDescMagic)
	binary.LittleEndian.PutUint32(b[4:], d.SecureVersion)
	copy(b[16:48], d.Version)
	copy(b[48:80], d.Project)
	copy(b[80:96], d.Time)
	copy(b[96:112], d.Date)
	copy(b[112:144], d.IDFVersion)
	copy(b[144:176], d.ELFSHA256[:])
	binary.LittleEndian.PutUint16(b[176:], d.MinBlockRev)
	binary.LittleEndian.PutUint16(b[178:], d.MaxBlockRev)
	return b
}

// DecodeBootDesc reads the bootloader descriptor of the image that starts at
// b[0]. It reports false if there is none. The magic is a single byte, so data
// that merely begins with it is told apart by texts that are not printable.
func DecodeBootDesc(b []byte) (*BootDesc, bool) {
	if len(b) < DescOffset+BootDescSize || b[DescOffset] != BootDescMagic {
		return nil, false
	}
	d := b[DescOffset : DescOffset+BootDescSize]
	if !printable(d[8:40]) || !printable(d[40:64]) {
		return nil, false
	}
	return &BootDesc{
		SecureVersion: d[3],
		Version:       binary.LittleEndian.Uint32(d[4:]),
		IDFVersion:    text(d[8:40]),
		DateTime:      text(d[40:64]),
	}, true
}

// Encode returns the 80 bytes of the descriptor, cutting texts like AppDesc.
func (d *BootDesc) Encode() [BootDescSize]byte {
	var b [BootDescSize]byte
	b[0], b[3] = BootDescMagic, d.SecureVersion
	binary.LittleEndian.PutUint32(b[4:], d.Version)
	copy(b[8:40], d.IDFVersion)
	copy(b[40:64], d.DateTime)
	return b
}

// text reads a field of a fixed size that ends at the first zero byte.
func text(field []byte) string {
	s, _, _ := bytes.Cut(field, []byte{0})
	return string(s)
}

// printable tells whether a text field holds printable ASCII up to its end.
func printable(field []byte) bool {
	for _, c := range []byte(text(field)) {
		if c < ' ' || c > '~' {
			return false
		}
	}
	return true
}
