package flashmodel

import "bytes"

// Shape of the tree: three levels of sixteen are the 4096 sectors of the
// largest chip; a smaller chip leaves its upper slots empty. A node of the
// lowest inner level is a 64 KiB block.
const (
	fanBits = 4
	fanout  = 1 << fanBits
	levels  = 3
)

// token is the right to alter nodes in place. A node belongs to the Flash that
// holds the node's token; nobody can hold the token of a shared node, because
// Fork gives it up.
type token struct{ _ byte } // not empty, so that each has an address of its own

// sector is the content of one 4 KiB sector.
type sector [SectorSize]byte

// node is an inner node (kids) or a leaf (cells). A nil node is erased.
type node struct {
	owner  *token
	cells  *sector
	kids   [fanout]*node
	origin *origin // of a leaf that is nobody's; nil: not known
	digest digest
}

// ones is a stretch of erased cells.
const (
	ones16 = "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"
	ones64 = ones16 + ones16 + ones16 + ones16
	ones   = ones64 + ones64 + ones64 + ones64
)

// fillOnes erases p.
func fillOnes(p []byte) {
	for len(p) > 0 {
		p = p[copy(p, ones):]
	}
}

// allOnes tells whether p is erased.
func allOnes(p []byte) bool {
	for len(p) > len(ones) {
		if string(p[:len(ones)]) != ones {
			return false
		}
		p = p[len(ones):]
	}
	return string(p) == ones[:len(p)]
}

// slot returns which kid of a node holds the sector of addr. Level 0 is that
// of the nodes right above the leaves.
func slot(addr uint32, level int) uint32 {
	return addr / SectorSize >> (fanBits * level) & (fanout - 1)
}

// cells returns the sector at addr, nil when it is erased. It may be shared.
func (f *Flash) cells(addr uint32) *sector {
	n := f.root
	for level := levels - 1; level >= 0; level-- {
		if n == nil {
			return nil
		}
		n = n.kids[slot(addr, level)]
	}
	if n == nil {
		return nil
	}
	return n.cells
}

// path returns where the leaf of addr hangs, in a node that f may alter: it
// copies the shared part of the path.
func (f *Flash) path(addr uint32, t *token) **node {
	at := &f.root
	for level := levels - 1; level >= 0; level-- {
		*at = (*at).inner(t)
		at = &(*at).kids[slot(addr, level)]
	}
	return at
}

// own returns the sector at addr for f to alter.
func (f *Flash) own(addr uint32) *sector {
	t := f.token()
	at := f.path(addr, t)
	*at = (*at).leaf(t)
	return (*at).cells
}

// drop erases the sector at addr.
func (f *Flash) drop(addr uint32) {
	if f.cells(addr) != nil {
		*f.path(addr, f.token()) = nil
	}
}

// token returns the right of f to alter its nodes.
func (f *Flash) token() *token {
	t := f.owner.Load()
	if t == nil {
		t = new(token)
		f.owner.Store(t)
	}
	return t
}

// inner returns n as an inner node that the holder of t may alter.
func (n *node) inner(t *token) *node {
	switch {
	case n == nil:
		return &node{owner: t}
	case n.owner == t:
		n.digest.reset()
		return n
	}
	return &node{owner: t, kids: n.kids}
}

// leaf returns n as a leaf that the holder of t may alter.
func (n *node) leaf(t *token) *node {
	switch {
	case n == nil:
		c := new(sector)
		fillOnes(c[:])
		return &node{owner: t, cells: c}
	case n.owner == t:
		n.digest.reset()
		return n
	}
	return &node{owner: t, cells: (*sector)(bytes.Clone(n.cells[:]))}
}
