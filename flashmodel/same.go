package flashmodel

// Same tells whether f and o are chips of one size that hold the same bytes in
// the sectors of which the size bytes from addr on are part. Addresses past the
// chip wrap. What the two share is skipped without a look, so that comparing a
// chip with its fork costs a few steps for every 64 KiB, and what was written.
func (f *Flash) Same(o *Flash, addr, size uint32) bool {
	if f.size != o.size {
		return false
	}
	if size >= f.size {
		addr, size = 0, f.size
	}
	addr = f.wrap(addr)
	if past := int64(addr) + int64(size) - int64(f.size); past > 0 {
		return f.Same(o, 0, uint32(past)) && f.Same(o, addr, size-uint32(past))
	}
	return size == 0 || sameIn(f.root, o.root, levels, addr/SectorSize, (addr+size-1)/SectorSize)
}

// sameIn compares the leaves from first to last, counted from the first leaf of
// the subtrees a and b.
func sameIn(a, b *node, level int, first, last uint32) bool {
	if a == b {
		return true
	}
	if level == 0 {
		return sameLeaf(a, b)
	}
	step := uint32(1) << (fanBits * (level - 1)) // leaves below one kid
	for i := first / step; i <= last/step; i++ {
		from, to := uint32(0), step-1
		if i == first/step {
			from = first % step
		}
		if i == last/step {
			to = last % step
		}
		if !sameIn(a.kid(i), b.kid(i), level-1, from, to) {
			return false
		}
	}
	return true
}

// ChangedIn returns the addresses of the sectors, of those that the size bytes
// from addr on are part of, in which f and since differ, in ascending order. The
// chips have one size and the bytes do not wrap.
func (f *Flash) ChangedIn(since *Flash, addr, size uint32) []uint32 {
	var changed []uint32
	if size == 0 || f.Same(since, addr, size) {
		return nil
	}
	first, last := addr/SectorSize, (addr+size-1)/SectorSize
	for block := first &^ (fanout - 1); block <= last; block += fanout {
		from, to := max(block, first), min(block+fanout-1, last)
		if f.Same(since, from*SectorSize, (to-from+1)*SectorSize) {
			continue
		}
		for i := from; i <= to; i++ {
			if !f.Same(since, i*SectorSize, SectorSize) {
				changed = append(changed, i*SectorSize)
			}
		}
	}
	return changed
}
