package efuse

import (
	"fmt"
	"math/bits"
)

// CodingScheme is the content of CODING_SCHEME: how BLOCK1 to BLOCK3 hold
// their data. BLOCK0 is never coded (spec 4.1, 4.6).
type CodingScheme uint8

// The values of the two bits.
const (
	CodingNone         CodingScheme = iota // 32 data bytes a block
	Coding34                               // 24 data bytes: each 6 with 2 check bytes
	CodingRepeat                           // 16 data bytes, twice; Espressif's tools refuse it
	CodingNoneRecovery                     // as CodingNone
)

// codedGroups is the number of independently coded groups of a 3/4 block, of
// groupData data bytes and groupSize cells (in bytes) each.
const (
	codedGroups = 4
	groupData   = 6
	groupSize   = 8
)

// DataSize returns how many data bytes BLOCK1 to BLOCK3 hold: 32, 24 or 16.
func (c CodingScheme) DataSize() int {
	switch c {
	case Coding34:
		return 24
	case CodingRepeat:
		return 16
	}
	return BlockSize
}

// String names the scheme as Espressif's tools do.
func (c CodingScheme) String() string {
	switch c {
	case CodingNone, CodingNoneRecovery:
		return "NONE"
	case Coding34:
		return "3/4"
	case CodingRepeat:
		return "REPEAT"
	}
	return fmt.Sprintf("CODING_SCHEME %d", uint8(c))
}

// CodingScheme returns the scheme that the hardware decodes with.
func (s *Set) CodingScheme() CodingScheme {
	return CodingScheme(s.masked(0, 6, codingBits))
}

// ShownScheme returns the scheme that software reads, and codes with.
func (s *Set) ShownScheme() CodingScheme { return s.softScheme() }

// softScheme is the scheme as software sees it: with RD_DIS bit 3 set it reads
// as CodingNone.
func (s *Set) softScheme() CodingScheme {
	return CodingScheme(s.ReadBits(0, 6, codingBits))
}

// Encode34 puts 24 data bytes into the 32 of a block: after every six bytes
// their XOR and the sum of position (1 to 6) times number of ones (spec 4.6).
func Encode34(data [24]byte) (raw [BlockSize]byte) {
	for g := range codedGroups {
		copy(raw[g*groupSize:], data[g*groupData:(g+1)*groupData])
		raw[g*groupSize+6], raw[g*groupSize+7] = checkBytes(data[g*groupData:][:groupData])
	}
	return raw
}

// Decode34 takes the 24 data bytes out of a block. bad lists the groups, 0 to
// 3, whose check bytes do not fit; their data is returned as it stands.
func Decode34(raw [BlockSize]byte) (data [24]byte, bad []int) {
	for g := range codedGroups {
		group := raw[g*groupSize:][:groupSize]
		copy(data[g*groupData:], group[:groupData])
		xor, sum := checkBytes(group[:groupData])
		if xor != group[6] || sum != group[7] {
			bad = append(bad, g)
		}
	}
	return data, bad
}

func checkBytes(data []byte) (xor, sum byte) {
	for i, b := range data {
		xor ^= b
		sum += byte((i + 1) * bits.OnesCount8(b))
	}
	return xor, sum
}

// encode turns data bytes, padded to 32, into cells.
func (c CodingScheme) encode(data [BlockSize]byte) [BlockSize]byte {
	switch c {
	case Coding34:
		return Encode34([24]byte(data[:24]))
	case CodingRepeat:
		copy(data[16:], data[:16])
	}
	return data
}

// decode turns cells into data bytes, padded to 32 with zeros, and lists the
// groups that contradict their check bytes. For CodingRepeat the groups are the
// two halves, and a one in either is a one.
func (c CodingScheme) decode(raw [BlockSize]byte) (data [BlockSize]byte, bad []int) {
	switch c {
	case Coding34:
		d, bad := Decode34(raw)
		copy(data[:], d[:])
		return data, bad
	case CodingRepeat:
		for i := range 16 {
			data[i] = raw[i] | raw[16+i]
			if raw[i] != raw[16+i] && bad == nil {
				bad = []int{1}
			}
		}
		return data, bad
	}
	return raw, nil
}

// CodingError tells that a block does not obey the chip's coding scheme: it was
// burnt raw, only in part, or before CODING_SCHEME was set.
type CodingError struct {
	Block  int
	Scheme CodingScheme
	Groups []int // groups of six data bytes, from 0, whose check bytes are wrong
}

// Error says what does not fit and what it means.
func (e *CodingError) Error() string {
	return fmt.Sprintf("eFuse BLOCK%d is not valid under the %s coding scheme (groups %v): "+
		"it was burnt without the coding or only in part, so hardware uses other bytes than were meant",
		e.Block, e.Scheme, e.Groups)
}

// CheckCoding returns a *CodingError if a block's cells contradict the coding
// scheme, whether or not software may read them.
func (s *Set) CheckCoding(block int) error {
	if block < 1 || block >= BlockCount {
		return nil
	}
	if _, bad := s.CodingScheme().decode(s.raw(block)); bad != nil {
		return &CodingError{Block: block, Scheme: s.CodingScheme(), Groups: bad}
	}
	return nil
}
