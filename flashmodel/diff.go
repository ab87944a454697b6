package flashmodel

// ChangedSectors returns the addresses of the 4 KiB sectors whose content
// differs between f and since, in ascending order. Sectors that only the larger
// of two chips has count as different. What the two share is skipped without a
// look, so that comparing a chip with its fork costs as much as was written.
func (f *Flash) ChangedSectors(since *Flash) []uint32 {
	both := min(f.size, since.size)
	var changed []uint32
	walk(f.root, since.root, levels, 0, func(addr uint32) {
		if addr < both {
			changed = append(changed, addr)
		}
	})
	for addr := both; addr < max(f.size, since.size); addr += SectorSize {
		changed = append(changed, addr)
	}
	return changed
}

// walk calls report for every sector that differs between the subtrees a and b
// of a level, the first sector of which is at addr.
func walk(a, b *node, level int, addr uint32, report func(addr uint32)) {
	if a == b {
		return
	}
	if level == 0 {
		if !sameLeaf(a, b) {
			report(addr)
		}
		return
	}
	step := uint32(SectorSize) << (fanBits * (level - 1))
	for i := range uint32(fanout) {
		walk(a.kid(i), b.kid(i), level-1, addr+i*step, report)
	}
}

// kid returns a kid of a node that may be erased.
func (n *node) kid(i uint32) *node {
	if n == nil {
		return nil
	}
	return n.kids[i]
}

// sameLeaf tells whether two leaves, of which one may be erased, hold the same.
func sameLeaf(a, b *node) bool {
	switch {
	case a == nil:
		return allOnes(b.cells[:])
	case b == nil:
		return allOnes(a.cells[:])
	}
	return *a.cells == *b.cells
}
