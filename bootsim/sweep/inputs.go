package sweep

import (
	"crypto/sha256"
	"encoding/binary"
	"hash"

	"github.com/bootsim/bootsim/flashmodel"
)

// inputHash is a hash over values that are told apart by their lengths.
type inputHash struct{ h hash.Hash }

func newInputHash() inputHash { return inputHash{sha256.New()} }

func (i inputHash) bytes(b []byte) {
	var n [8]byte
	binary.LittleEndian.PutUint64(n[:], uint64(len(b)))
	i.h.Write(n[:])
	i.h.Write(b)
}

func (i inputHash) flash(f *flashmodel.Flash) {
	sum := f.Sum()
	i.bytes(sum[:])
}

func (i inputHash) sum() (out [InputsSize]byte) {
	copy(out[:], i.h.Sum(nil))
	return out
}
