package sweep

import (
	"encoding/binary"

	"github.com/bootsim/bootsim/emu/fault"
)

// tokenReader takes a token apart.
type tokenReader struct {
	b   []byte
	bad bool
}

func (r *tokenReader) number(bits int) uint64 {
	v, n := binary.Uvarint(r.b)
	if n <= 0 || bits < 64 && v>>bits != 0 {
		r.bad, r.b = true, nil
		return 0
	}
	r.b = r.b[n:]
	return v
}

func (r *tokenReader) text() string {
	n := r.number(16)
	if n > uint64(len(r.b)) {
		r.bad = true
		return ""
	}
	s := string(r.b[:n])
	r.b = r.b[n:]
	return s
}

func (r *tokenReader) step() (s Step) {
	s.Kind = fault.Kind(r.b[0])
	r.b = r.b[1:]
	r.bad = r.bad || !fault.All.Has(s.Kind)
	s.Site, s.Way = uint32(r.number(32)), uint32(r.number(32))
	if s.Kind == fault.Flip2 {
		s.Second = uint32(r.number(32))
	}
	return s
}
