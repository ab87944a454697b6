package diagnose

import (
	"math"

	"github.com/bootsim/bootsim/flashmodel/crypt"
	"github.com/bootsim/bootsim/flashmodel/parttable"
)

// opens tells whether the region makes sense once a layer is taken off.
func (s *searcher) opens(c *crypt.Cipher, addr uint32) bool {
	var head [unit]byte
	// Addresses are multiples of 16, lengths of a unit: no error is possible.
	_ = c.Decrypt(addr, head[:], s.raw[:unit])
	if !s.kind.sensible(head[:]) {
		return false
	}
	body := make([]byte, len(s.raw))
	_ = c.Decrypt(addr, body, s.raw)
	return s.kind.confirmed(body)
}

// confirmed tells whether what follows a sensible first unit is sensible too.
func (k kind) confirmed(body []byte) bool {
	switch k {
	case kindOTAData:
		return true
	case kindTable:
		return mostlyRows(body)
	}
	return !random(body)
}

// mostlyRows accepts a table with a broken row, not one row before noise.
func mostlyRows(body []byte) bool {
	rows, others := 0, 0
	for len(body) >= parttable.RowSize {
		if parttable.DecodeRow(body).Kind == parttable.RowOther {
			others++
		} else {
			rows++
		}
		body = body[parttable.RowSize:]
	}
	return others <= rows
}

// random tells whether bytes have the entropy of noise. Of fewer than four
// units nothing can be said.
func random(b []byte) bool {
	return len(b) >= 4*unit && entropy(b) > min(7.3, math.Log2(float64(len(b)))*0.83)
}
