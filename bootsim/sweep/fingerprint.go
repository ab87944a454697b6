package sweep

import (
	"fmt"
	"hash/fnv"
)

// fingerprint is a hash of how a run went: what each boot came to, and how the
// run ended. Two sweeps with equal fingerprints found the same of every history.
func (l *life) fingerprint() uint64 {
	h := fnv.New64a() // takes everything
	for i := range l.boots {
		b := &l.boots[i]
		offset := uint32(0)
		if b.outcome.App != nil {
			offset = b.outcome.App.Offset
		}
		_, _ = fmt.Fprint(h, b.outcome.End, b.role(), offset, b.cause, ";")
	}
	_, _ = fmt.Fprint(h, l.end, l.err)
	return h.Sum64()
}

// mixed spreads the bits of a number (the finalizer of splitmix64), so that
// outcomes which change places do not cancel out in a sum.
func mixed(z uint64) uint64 {
	z = (z ^ z>>30) * 0xBF58476D1CE4E5B9
	z = (z ^ z>>27) * 0x94D049BB133111EB
	return z ^ z>>31
}
