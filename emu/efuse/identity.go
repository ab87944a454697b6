package efuse

import "fmt"

// Revision is the version of the silicon.
type Revision struct {
	Major, Minor uint8
}

// Full returns 100 times the major plus the minor version, as image headers
// give limits (spec 2.3).
func (r Revision) Full() uint16 { return uint16(r.Major)*100 + uint16(r.Minor) }

// String writes the revision as bootloaders do: v3.1.
func (r Revision) String() string { return fmt.Sprintf("v%d.%d", r.Major, r.Minor) }

// Revision decodes the chip's revision. Of the three bits of the major version
// two are eFuses; the third, apbBit, is wired in silicon (bit 31 of
// APB_CTRL_DATE). Combinations that no chip should have count as 0 (spec 2.3).
func (s *Set) Revision(apbBit bool) Revision {
	r := Revision{Minor: uint8(s.masked(0, 5, 3<<24) >> 24)}
	rev1, rev2 := s.bit(111), s.bit(180)
	switch {
	case rev1 && rev2 && apbBit:
		r.Major = 3
	case rev1 && rev2:
		r.Major = 2
	case rev1 && !apbBit:
		r.Major = 1
	}
	return r
}

// RevisionConsistent tells whether the three revision bits are a combination
// that a chip can have. When they are not, software takes the chip for v0.
func (s *Set) RevisionConsistent(apbBit bool) bool {
	rev1, rev2 := s.bit(111), s.bit(180)
	return !(rev2 && !rev1) && !(apbBit && !rev2)
}

// MAC is an address in the order in which it is written.
type MAC [6]byte

// String writes the address as 24:0a:c4:01:02:03.
func (m MAC) String() string {
	return fmt.Sprintf("%02x:%02x:%02x:%02x:%02x:%02x", m[0], m[1], m[2], m[3], m[4], m[5])
}

// CRC returns the check byte of an address: CRC-8 with the reflected
// polynomial 0x8C, starting at 0.
func (m MAC) CRC() uint8 {
	crc := uint8(0)
	for _, b := range m {
		crc ^= b
		for range 8 {
			low := crc & 1
			crc >>= 1
			if low == 1 {
				crc ^= 0x8C
			}
		}
	}
	return crc
}

// MAC returns the factory address and whether MAC_CRC fits it. A blank chip's
// zeros do.
func (s *Set) MAC() (m MAC, ok bool) {
	raw := s.raw(0)
	for i := range m {
		m[i] = raw[9-i] // bits 79 to 72 come first
	}
	return m, m.CRC() == raw[10]
}

// CustomMAC returns the user's address in BLOCK3 as software reads it, whether
// its check byte fits, and whether MAC_VERSION says that there is one.
func (s *Set) CustomMAC() (m MAC, ok, used bool) {
	data := s.softData(3)
	copy(m[:], data[1:7])
	return m, m.CRC() == data[0], data[23] == 1
}
