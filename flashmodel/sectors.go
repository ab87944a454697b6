package flashmodel

import "math/bits"

// Sectors is a set of 4 KiB sectors of a chip of any size. The zero value is
// empty. It is a plain value: assigning copies it, == compares it.
type Sectors [MaxSize / SectorSize / 64]uint64

// Add puts the sectors in that hold the size bytes from addr on. Bytes past the
// end of the largest chip are left out.
func (s *Sectors) Add(addr, size uint32) {
	for at := uint64(addr / SectorSize); at*SectorSize < uint64(addr)+uint64(size) && at < MaxSize/SectorSize; at++ {
		s[at/64] |= 1 << (at % 64)
	}
}

// Has tells whether the sector that holds addr is in.
func (s *Sectors) Has(addr uint32) bool {
	at := addr / SectorSize
	return at < MaxSize/SectorSize && s[at/64]>>(at%64)&1 == 1
}

// AddAll puts in what o has and not lacks, such as what a later run looked at
// and an earlier one had not overwritten.
func (s *Sectors) AddAll(o, not *Sectors) {
	for i := range s {
		s[i] |= o[i] &^ not[i]
	}
}

// Len returns the number of sectors.
func (s *Sectors) Len() int {
	n := 0
	for _, w := range s {
		n += bits.OnesCount64(w)
	}
	return n
}

// Trace notes what a run depends on: the sectors of which it read something
// that was there before it began. A sector that the run erased tells no more of
// what it held, hence reading it then is no dependence.
type Trace struct {
	Read   Sectors // looked at before the run erased them
	Erased Sectors // erased by the run
}

// note is told of a read.
func (t *Trace) note(addr, size uint32) {
	for at := addr &^ (SectorSize - 1); uint64(at) < uint64(addr)+uint64(size); at += SectorSize {
		if !t.Erased.Has(at) {
			t.Read.Add(at, 1)
		}
	}
}

// Watch makes t note what is read and erased from now on. Nil ends that. Like
// a journal it does not go along with a fork. An erase counts when it was
// carried out as asked: one that a journal's interceptor altered does not.
func (f *Flash) Watch(t *Trace) { f.trace = t }

// Depend makes the trace of f, if it has one, note sectors as if they had been
// read: for a caller that takes the result of an earlier reading over.
func (f *Flash) Depend(s *Sectors) {
	if f.trace != nil {
		f.trace.Read.AddAll(s, &f.trace.Erased)
	}
}

// Looked makes the trace of f, if it has one, note size bytes from addr on as
// if they had been read.
func (f *Flash) Looked(addr, size uint32) {
	if f.trace != nil && size > 0 {
		f.traced(addr, size)
	}
}

// AgreesOn tells whether f and o hold the same in every sector of a set. What
// they share is skipped without a look. Chips of different sizes never agree.
func (f *Flash) AgreesOn(o *Flash, s *Sectors) bool {
	return f.size == o.size && agree(f.root, o.root, levels, 0, s)
}

func agree(a, b *node, level int, addr uint32, s *Sectors) bool {
	if a == b {
		return true
	}
	if level == 0 {
		return !s.Has(addr) || sameLeaf(a, b)
	}
	step := uint32(SectorSize) << (fanBits * (level - 1))
	for i := range uint32(fanout) {
		if !agree(a.kid(i), b.kid(i), level-1, addr+i*step, s) {
			return false
		}
	}
	return true
}
