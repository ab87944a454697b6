package flashmodel

import (
	"crypto/sha256"
	"hash"
	"sync/atomic"
)

// Stock is files that are written to many chips and never change any more. A
// chip that is supplied from a stock holds their sectors where they lie, instead
// of a copy, and knows of sectors that were encrypted what they were made of. A nil
// stock is empty. Goroutines may share it.
type Stock struct {
	index  map[*byte]int // of sectors by their first byte
	leaves []atomic.Pointer[node]
}

// NewStock returns a stock of files. Their bytes must not be altered any more.
func NewStock(files [][]byte) *Stock {
	s := &Stock{index: map[*byte]int{}}
	for _, data := range files {
		for at := 0; at+SectorSize <= len(data); at += SectorSize {
			if _, known := s.index[&data[at]]; !known {
				s.index[&data[at]] = len(s.index)
			}
		}
	}
	s.leaves = make([]atomic.Pointer[node], len(s.index))
	return s
}

// Supply makes a chip and its later forks hold what is in the stock without a copy.
func (f *Flash) Supply(s *Stock) { f.stock = s }

// origin is what a leaf was made of.
type origin struct {
	plain *node    // a leaf of the stock: the plaintext, or the leaf itself
	seal  [32]byte // names what encrypted it; zero for nothing
}

// leaf returns the leaf of the stock that lies where data begins, nil for what was
// not lent as a whole sector.
func (s *Stock) leaf(data []byte) *node {
	if s == nil || len(data) < SectorSize {
		return nil
	}
	i, ok := s.index[&data[0]]
	if !ok {
		return nil
	}
	if n := s.leaves[i].Load(); n != nil {
		return n
	}
	n := &node{cells: (*sector)(data)}
	n.origin = &origin{plain: n}
	if !s.leaves[i].CompareAndSwap(nil, n) {
		return s.leaves[i].Load()
	}
	return n
}

// Sealer encrypts what belongs at an address.
type Sealer interface {
	// Encrypt encrypts src into dst, see crypt.Cipher.
	Encrypt(addr uint32, dst, src []byte) error
}

// ProgramSealed is Program of what c makes of plain, where id names c: no two
// Sealers that differ have one. A sector of the stock that was encrypted for this
// address before, and not overwritten by another since, is not encrypted again. The
// errors are those of c and of Program.
func (f *Flash) ProgramSealed(addr uint32, plain []byte, c Sealer, id [32]byte) error {
	for len(plain) > 0 {
		n := min(len(plain), SectorSize-int(addr%SectorSize))
		if err := f.programSealed(addr, plain[:n], c, id); err != nil {
			return err
		}
		addr += uint32(n)
		plain = plain[n:]
	}
	return nil
}

func (f *Flash) programSealed(addr uint32, plain []byte, c Sealer, id [32]byte) error {
	from := f.stock.leaf(plain)
	if from == nil || addr >= f.size || !f.fillsErased(addr, plain) {
		b := make([]byte, len(plain))
		if err := c.Encrypt(addr, b, plain); err != nil {
			return err
		}
		return f.Program(addr, b)
	}
	at := &(*f.shelf)[addr/SectorSize]
	n := at.Load()
	if n == nil || n.origin == nil || *n.origin != (origin{from, id}) {
		n = &node{cells: new(sector), origin: &origin{from, id}}
		if err := c.Encrypt(addr, n.cells[:], plain); err != nil {
			return err
		}
		at.Store(n)
	}
	f.hang(addr, n)
	return nil
}

// Made writes into h what whole sectors from addr on show to a cache that decrypts
// by the cipher that id names, zero for none: stretches for which it writes the same
// show the same. It is for what was made of a stock: false where there is anything
// else, of which nothing is known without a look. No trace is told.
func (f *Flash) Made(h hash.Hash, addr, size uint32, id [32]byte) bool {
	for ; size > 0; size -= SectorSize {
		if !f.made(h, addr, id) {
			return false
		}
		addr += SectorSize
	}
	return true
}

func (f *Flash) made(h hash.Hash, addr uint32, id [32]byte) bool {
	n := f.leafAt(f.wrap(addr))
	if n == nil || n.origin == nil {
		return false
	}
	if n.origin.seal == id {
		sum := n.origin.plain.sum(0, nil)
		h.Write([]byte{0})
		h.Write(sum[:])
		return true
	}
	// Ciphertext as far as it is known: it shows what this cipher makes of it here.
	sum := n.sum(0, nil)
	h.Write([]byte{1, byte(addr >> 24), byte(addr >> 16), byte(addr >> 8)})
	h.Write(sum[:sha256.Size])
	h.Write(id[:])
	return true
}

// leafAt returns the leaf of an address inside the chip, nil when it is erased.
func (f *Flash) leafAt(addr uint32) *node {
	n := f.root
	for level := levels - 1; level >= 0 && n != nil; level-- {
		n = n.kids[slot(addr, level)]
	}
	return n
}
