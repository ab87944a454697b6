package flashmodel

import (
	"crypto/sha256"
	"encoding/binary"
	"sync"
	"sync/atomic"
)

// digest remembers the hash of a node's content. Any number of goroutines that
// share the node may fill it; only the node's owner may reset it.
type digest struct {
	state atomic.Uint32
	sum   [sha256.Size]byte
}

// The states of a digest.
const (
	digestEmpty uint32 = iota
	digestBusy         // somebody is storing it
	digestReady
)

func (d *digest) load() ([sha256.Size]byte, bool) {
	if d.state.Load() != digestReady {
		return [sha256.Size]byte{}, false
	}
	return d.sum, true
}

// store keeps s unless another goroutine came first, with the same hash.
func (d *digest) store(s [sha256.Size]byte) {
	if d.state.CompareAndSwap(digestEmpty, digestBusy) {
		d.sum = s
		d.state.Store(digestReady)
	}
}

func (d *digest) reset() { d.state.Store(digestEmpty) }

// Sum returns a hash of the content and of the size: two chips have the same
// sum if and only if they have the same size and the same bytes, however they
// came by them. It is the root of a Merkle tree whose nodes keep their hashes,
// so that after a write only the path to the written sector is hashed anew.
func (f *Flash) Sum() [sha256.Size]byte {
	var b [4 + sha256.Size]byte
	binary.LittleEndian.PutUint32(b[:], f.size)
	root := f.root.sum(levels, erasedSums())
	copy(b[4:], root[:])
	return sha256.Sum256(b[:])
}

// sum returns the hash of the subtree n. Level 0 is a leaf. All leaves lie at
// one depth, hence a leaf's hash cannot be passed off as that of an inner node.
func (n *node) sum(level int, erased *[levels + 1][sha256.Size]byte) [sha256.Size]byte {
	if n == nil {
		return erased[level]
	}
	if s, ok := n.digest.load(); ok {
		return s
	}
	var s [sha256.Size]byte
	if level == 0 {
		s = sha256.Sum256(n.cells[:])
	} else {
		s = n.sumKids(level, erased)
	}
	n.digest.store(s)
	return s
}

func (n *node) sumKids(level int, erased *[levels + 1][sha256.Size]byte) [sha256.Size]byte {
	var b [fanout * sha256.Size]byte
	for i, kid := range n.kids {
		s := kid.sum(level-1, erased)
		copy(b[i*sha256.Size:], s[:])
	}
	return sha256.Sum256(b[:])
}

// erasedSums returns the hash of an erased subtree by level: what the subtree
// would hash to if it were spelt out.
var erasedSums = sync.OnceValue(func() *[levels + 1][sha256.Size]byte {
	var sums [levels + 1][sha256.Size]byte
	var c sector
	fillOnes(c[:])
	sums[0] = sha256.Sum256(c[:])
	for level := 1; level <= levels; level++ {
		sums[level] = new(node).sumKids(level, &sums)
	}
	return &sums
})
