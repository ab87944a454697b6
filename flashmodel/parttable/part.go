package parttable

import (
	"fmt"
	"strings"
)

// Part is a partition as gen_esp32part holds it between reading and writing:
// numbers are not yet bound to the width of their fields.
type Part struct {
	Name                string // of any length
	Type, Subtype       int64
	Offset, Size        int64 // bytes
	Encrypted, ReadOnly bool
	line                int  // in the CSV, from 1
	placed              bool // Offset is set
}

// Sheet is a partition table as gen_esp32part holds it. It is what the rules
// are checked on.
type Sheet []Part

func (p Part) is(typ, subtype int64) bool { return p.Type == typ && p.Subtype == subtype }

// equal compares what the reference compares: not the flags.
func (p Part) equal(q Part) bool {
	return p.Name == q.Name && p.Type == q.Type && p.Subtype == q.Subtype &&
		p.placed == q.placed && p.Offset == q.Offset && p.Size == q.Size
}

// partOf returns an entry as a Part. Flags that the version does not know are
// dropped.
func partOf(e Entry, p Profile) Part {
	return Part{
		Name: e.Name(), Type: int64(e.Type), Subtype: int64(e.Subtype),
		Offset: int64(e.Offset), Size: int64(e.Size), placed: true,
		Encrypted: e.Flags&FlagEncrypted != 0,
		ReadOnly:  p.ReadOnlyFlag && e.Flags&FlagReadOnly != 0,
	}
}

// entry packs the partition into an entry. Numbers that do not fit give the
// exception the reference ends with.
func (p Part) entry() (Entry, error) {
	for _, n := range []int64{p.Type, p.Subtype} {
		if n < 0 || n > 0xFF {
			return Entry{}, &ExceptionError{"struct.error", "ubyte format requires 0 <= number <= 255"}
		}
	}
	for _, n := range []int64{p.Offset, p.Size} {
		if n < 0 {
			return Entry{}, &ExceptionError{"struct.error", "argument out of range"}
		}
		if n > 0xFFFFFFFF {
			return Entry{}, &ExceptionError{"struct.error", "'L' format requires 0 <= number <= 4294967295"}
		}
	}
	e := Entry{Label: Label(p.Name), Type: uint8(p.Type), Subtype: uint8(p.Subtype),
		Offset: uint32(p.Offset), Size: uint32(p.Size)}
	if p.Encrypted {
		e.Flags |= FlagEncrypted
	}
	if p.ReadOnly {
		e.Flags |= FlagReadOnly
	}
	return e, nil
}

// csv returns the partition as a line of CSV.
func (p Part) csv(words vocabulary) string {
	return strings.Join([]string{
		p.Name, wordOr(words.types, p.Type), wordOr(words.subtypes[p.Type], p.Subtype),
		fmt.Sprintf("0x%x", p.Offset), sizeText(p.Size), p.flagText(),
	}, ",")
}

func (p Part) flagText() string {
	switch {
	case p.Encrypted && p.ReadOnly:
		return "encrypted:readonly"
	case p.Encrypted:
		return "encrypted"
	case p.ReadOnly:
		return "readonly"
	}
	return ""
}

func wordOr(words keywords, n int64) string {
	if w, ok := words.word(n); ok {
		return w
	}
	return fmt.Sprintf("%d", n)
}

// sizeText returns a size in whole MiB or KiB, or else in bytes.
func sizeText(size int64) string {
	switch {
	case size%(1<<20) == 0:
		return fmt.Sprintf("%dM", size>>20)
	case size%(1<<10) == 0:
		return fmt.Sprintf("%dK", size>>10)
	}
	return fmt.Sprintf("0x%x", size)
}

// CSV returns the table as gen_esp32part writes it from a binary one.
func (s Sheet) CSV(o Options) string {
	var b strings.Builder
	b.WriteString(o.Profile.Title + "\n# Name, Type, SubType, Offset, Size, Flags\n")
	for _, p := range s {
		b.WriteString(p.csv(o.Profile.words) + "\n")
	}
	return b.String()
}
