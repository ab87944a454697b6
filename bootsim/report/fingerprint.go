package report

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"

	"github.com/bootsim/bootsim/bootsim"
)

// fingerprints numbers findings so that the same one has the same fingerprint
// in every run, and no two of one report share theirs. The wording, the
// evidence and the scenario that happened to show it first do not count.
type fingerprints struct{ seen map[string]uint64 }

func newFingerprints() *fingerprints { return &fingerprints{seen: map[string]uint64{}} }

// of returns 32 hexadecimal digits.
func (p *fingerprints) of(f bootsim.Finding) string {
	id := identity(f)
	n := p.seen[id]
	p.seen[id]++
	return fmt.Sprintf("%x", sha256.Sum256(binary.LittleEndian.AppendUint64([]byte(id), n)))[:32]
}

// identity joins what makes a finding the same one; lengths keep the parts apart.
func identity(f bootsim.Finding) string {
	parts := []string{f.Rule, f.Lot, f.Release, slashed(f.File), f.Partition, ""}
	if f.Offset != nil {
		parts[5] = hex(*f.Offset)
	}
	var id []byte
	for _, p := range parts {
		id = binary.LittleEndian.AppendUint64(id, uint64(len(p)))
		id = append(id, p...)
	}
	return string(id)
}
