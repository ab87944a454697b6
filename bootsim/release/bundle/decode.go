package bundle

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
)

// IsBundle tells whether a file begins as a bundle does.
func IsBundle(b []byte) bool { return bytes.HasPrefix(b, []byte(Magic)) }

// Decode reads a bundle. It accepts what Encode writes and nothing else: a byte
// that is changed anywhere is a *FormatError. The entries' Data are parts of b.
// Each byte of b is looked at a few times at most, whatever the header claims.
func Decode(b []byte) (*Bundle, error) {
	count, err := header(b)
	if err != nil {
		return nil, err
	}
	entries := make([]Entry, count)
	for i := range entries {
		if err := entries[i].decode(b, uint64(HeaderSize+i*EntrySize)); err != nil {
			return nil, err
		}
	}
	return whole(b, entries)
}

// header checks what can be checked before the entries, and returns their number.
func header(b []byte) (int, error) {
	le := binary.LittleEndian
	switch {
	case len(b) < HeaderSize:
		return 0, badf(uint64(len(b)), "it ends inside the header of %d bytes", HeaderSize)
	case !IsBundle(b):
		return 0, badf(0, "it does not begin with %q", Magic)
	case le.Uint16(b[atVersion:]) != Version:
		return 0, badf(atVersion, "version %d of the format: this bootsim reads version %d", le.Uint16(b[atVersion:]), Version)
	case le.Uint16(b[atHeaderSize:]) != HeaderSize || le.Uint16(b[atEntrySize:]) != EntrySize:
		return 0, badf(atHeaderSize, "header and entries of version %d have %d and %d bytes", Version, HeaderSize, EntrySize)
	case uint64(len(b)) != uint64(le.Uint32(b[atTotal:])) || len(b) > MaxSize:
		return 0, badf(atTotal, "the header says %d bytes, and the file has %d", le.Uint32(b[atTotal:]), len(b))
	}
	count := int(le.Uint16(b[atCount:]))
	end := HeaderSize + count*EntrySize
	if count == 0 || count > MaxEntries || end > len(b) {
		return 0, badf(atCount, "%d entries: a bundle of %d bytes has 1 to %d", count, len(b), MaxEntries)
	}
	head := bytes.Clone(b[:end])
	clear(head[atCRC : atCRC+4])
	if got, want := crc32.ChecksumIEEE(head), le.Uint32(b[atCRC:]); got != want {
		return 0, badf(atCRC, "the CRC of header and entries is 0x%08x, and 0x%08x is stored: it is damaged or cut off", got, want)
	}
	return count, nil
}

// decode reads the entry at an offset of the file.
func (e *Entry) decode(file []byte, at uint64) error {
	le := binary.LittleEndian
	b := file[at : at+EntrySize]
	offset, size := le.Uint32(b[entryOffset:]), le.Uint32(b[entrySize:])
	if uint64(offset)+uint64(size) > uint64(len(file)) {
		return badf(at+entryOffset, "an image of %d bytes at 0x%08x ends past the file", size, offset)
	}
	*e = Entry{
		Lot: le.Uint32(b[entryLot:]), Address: le.Uint32(b[entryAddress:]), Label: text(b[entryLabel:entryOffset]),
		Encrypted: b[entryFlags]&flagEncrypted != 0, Config: b[entryConfig], Key: le.Uint32(b[entryKey:]),
		Version: text(b[entryVersion:entryReserved]), Offset: offset, Sum: [32]byte(b[entrySum:entryKey]),
		Data: file[offset : offset+size : offset+size],
	}
	return nil
}

// text is a field up to its first zero.
func text(b []byte) string {
	b, _, _ = bytes.Cut(b, []byte{0})
	return string(b)
}

// whole checks everything else by laying the entries out anew: places, flags,
// reserved bytes and what lies between images have to come out the same.
func whole(b []byte, entries []Entry) (*Bundle, error) {
	if err := admissible(entries); err != nil {
		return nil, badf(HeaderSize, "%v", err)
	}
	if err := intact(entries); err != nil {
		return nil, err
	}
	l, err := lay(entries)
	if err != nil {
		return nil, badf(HeaderSize, "%v", err)
	}
	if l.total != uint64(len(b)) {
		return nil, badf(atTotal, "its images take %d bytes, and the file has %d", l.total, len(b))
	}
	again, err := Encode(entries)
	if err != nil {
		return nil, badf(HeaderSize, "%v", err)
	}
	if at := firstDifference(b, again); at >= 0 {
		return nil, badf(uint64(at), "0x%02x where the format wants 0x%02x", b[at], again[at])
	}
	l.Bundle.Entries = entries
	return &l.Bundle, nil
}

// intact compares every image with its SHA-256. Images that overlap would make
// that long; those of a real bundle together are smaller than the file.
func intact(entries []Entry) error {
	known := sums{}
	for i, e := range entries {
		if e.Sum != known.of(e.Data) {
			return badf(uint64(e.Offset), "the SHA-256 of the image for %s (0x%08x) does not match its entry: it is damaged", e.Label, e.Address)
		}
		if known.bytes() > MaxSize {
			return badf(uint64(HeaderSize+i*EntrySize), "images overlap")
		}
	}
	return nil
}

func firstDifference(a, b []byte) int {
	for i := range a {
		if a[i] != b[i] {
			return i
		}
	}
	return -1
}
