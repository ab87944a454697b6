// Package ihex reads Intel HEX files: records of data at 32-bit addresses.
//
// Record types 00 to 05 are understood. The format is described in Intel's
// "Hexadecimal Object File Format Specification", revision A, 1988.
package ihex

import (
	"bytes"
	"fmt"
	"slices"
)

// Region is a run of consecutive bytes.
type Region struct {
	Address uint32
	Data    []byte
}

// Error tells which line of a file is wrong and why.
type Error struct {
	Line   int // from 1
	Reason string
}

func (e *Error) Error() string { return fmt.Sprintf("line %d: %s", e.Line, e.Reason) }

// Looks tells whether b starts like an Intel HEX file: with one whole record
// whose checksum holds.
func Looks(b []byte) bool {
	line, _, _ := bytes.Cut(b[:min(len(b), maxLine)], []byte("\n"))
	line = bytes.TrimRight(line, " \t\r")
	_, err := decode(line, 1)
	return err == nil
}

// maxLine is the length of the longest record: a colon and 260 bytes in hex.
const maxLine = 1 + 2*260 + 2

// Parse returns what the file holds, by address; adjacent records are joined.
// Memory stays below the size of the text. Errors: *Error.
func Parse(text []byte) ([]Region, error) {
	p := &parser{}
	for len(text) > 0 && !p.ended {
		var line []byte
		line, text, _ = bytes.Cut(text, []byte("\n"))
		p.line++
		if err := p.record(bytes.TrimSpace(line)); err != nil {
			return nil, err
		}
	}
	return p.finish(text)
}

// record types
const (
	typeData = iota
	typeEnd
	typeSegment
	typeStartSegment
	typeLinear
	typeStartLinear
)

type parser struct {
	line    int
	base    uint32
	segment bool // base is a segment: offsets wrap inside 64 KiB
	ended   bool
	regions []Region
}

func (p *parser) fail(format string, args ...any) error {
	return &Error{Line: p.line, Reason: fmt.Sprintf(format, args...)}
}

func (p *parser) record(line []byte) error {
	if len(line) == 0 {
		return nil
	}
	b, err := decode(line, p.line)
	if err != nil {
		return err
	}
	offset, kind, data := uint32(b[1])<<8|uint32(b[2]), b[3], b[4:]
	if want, fixed := length(kind); fixed && len(data) != want {
		return p.fail("a record of type %02X has %d data bytes, not %d", kind, want, len(data))
	}
	switch kind {
	case typeData:
		p.data(offset, data)
	case typeEnd:
		p.ended = true
	case typeSegment:
		p.base, p.segment = (uint32(data[0])<<8|uint32(data[1]))<<4, true
	case typeLinear:
		p.base, p.segment = (uint32(data[0])<<8|uint32(data[1]))<<16, false
	case typeStartSegment, typeStartLinear:
	default:
		return p.fail("record type %02X is not known", kind)
	}
	return nil
}

// data adds bytes; those past a segment's end go to its start.
func (p *parser) data(offset uint32, data []byte) {
	if p.segment && offset+uint32(len(data)) > 0x10000 {
		cut := 0x10000 - offset
		p.add(p.base+offset, data[:cut])
		p.add(p.base, data[cut:])
		return
	}
	p.add(p.base+offset, data)
}

func (p *parser) add(address uint32, data []byte) {
	if len(data) == 0 {
		return
	}
	if n := len(p.regions); n > 0 {
		last := &p.regions[n-1]
		if uint64(last.Address)+uint64(len(last.Data)) == uint64(address) {
			last.Data = append(last.Data, data...)
			return
		}
	}
	p.regions = append(p.regions, Region{Address: address, Data: slices.Clone(data)})
}
