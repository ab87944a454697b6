package espimage

import (
	"crypto/sha256"
	"encoding/binary"
)

// Data is a segment to be written.
type Data struct {
	LoadAddr uint32
	Bytes    []byte
}

// Fault is a way to break an image on purpose. Faults combine with |.
type Fault uint8

// The faults.
const (
	FaultChecksum Fault = 1 << iota // flips the lowest bit of the checksum; the hash fits nevertheless
	FaultHash                       // flips the lowest bit of the hash
)

// Spec tells Build what to write.
type Spec struct {
	// Header is written as it is, but for Magic, which is set if it is zero, and
	// SegmentCount, which is counted (modulo 256) unless CountAsIs. A hash is appended if
	// HashAppended is not zero.
	Header    Header
	CountAsIs bool // write Header.SegmentCount although it may be wrong
	// Segments are written in this order. A descriptor is put in front of the
	// first segment's bytes.
	Segments []Data
	App      *AppDesc  // nil for none
	Boot     *BootDesc // nil for none; ignored next to App
	// Align fits padding segments for address 0 in front of mapped segments, so
	// that their flash offset agrees with their address modulo 64 KiB when the
	// image is placed at a 64 KiB boundary.
	Align bool
	Fault Fault
}

// DefaultHeader returns the header of an ordinary image for 4 MB of flash at
// 40 MHz in DIO mode: any chip revision, no write-protect pin, hash appended.
func DefaultHeader(entry uint32) Header {
	const fourMB40MHz = 2 << 4
	return Header{
		Magic: Magic, SPIMode: 2, SpeedSize: fourMB40MHz, Entry: entry,
		WPPin: WPPinDisabled, MaxRevFull: 0xFFFF, HashAppended: 1,
	}
}

// Build writes an image. Apart from Fault and CountAsIs the result is one that
// Parse takes apart again, whatever the header holds.
func Build(s Spec) []byte {
	segments := s.segments()
	h := s.Header
	if h.Magic == 0 {
		h.Magic = Magic
	}
	if !s.CountAsIs {
		h.SegmentCount = uint8(len(segments))
	}
	head := h.Encode()
	b, sum := head[:], uint8(ChecksumSeed)
	for _, d := range segments {
		b = binary.LittleEndian.AppendUint32(b, d.LoadAddr)
		b = binary.LittleEndian.AppendUint32(b, uint32(len(d.Bytes)))
		b = append(b, d.Bytes...)
		sum ^= XOR(d.Bytes)
	}
	return s.finish(b, sum, h.HashAppended != 0)
}

// finish appends padding, checksum and hash.
func (s Spec) finish(b []byte, sum uint8, hash bool) []byte {
	padding := checksumEnd(uint64(len(b))) - uint64(len(b))
	b = append(b, make([]byte, padding)...)
	if s.Fault&FaultChecksum != 0 {
		sum ^= 1
	}
	b[len(b)-1] = sum
	if !hash {
		return b
	}
	digest := sha256.Sum256(b)
	if s.Fault&FaultHash != 0 {
		digest[0] ^= 1
	}
	return append(b, digest[:]...)
}

// segments returns what is to be written: segments with descriptor and padding.
func (s Spec) segments() []Data {
	var out []Data
	pos := uint32(HeaderSize)
	for i, d := range s.Segments {
		if i == 0 {
			d.Bytes = append(s.descriptor(), d.Bytes...)
		}
		if pad, ok := s.padding(pos, d.LoadAddr); ok {
			out = append(out, pad)
			pos += SegmentHeadSize + uint32(len(pad.Bytes))
		}
		out = append(out, d)
		pos += SegmentHeadSize + uint32(len(d.Bytes))
	}
	return out
}

func (s Spec) descriptor() []byte {
	switch {
	case s.App != nil:
		b := s.App.Encode()
		return b[:]
	case s.Boot != nil:
		b := s.Boot.Encode()
		return b[:]
	}
	return nil
}

// padding returns the padding segment a segment at pos needs in front of it.
func (s Spec) padding(pos, addr uint32) (Data, bool) {
	data := pos + SegmentHeadSize
	if !s.Align || !ClassOf(addr).Mapped() || data%MMUPageSize == addr%MMUPageSize {
		return Data{}, false
	}
	// The padding segment brings a header of its own.
	gap := (addr - data - SegmentHeadSize) % MMUPageSize
	return Data{Bytes: make([]byte, gap)}, true
}
