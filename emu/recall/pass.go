package recall

import (
	"crypto/sha256"
	"encoding"
	"hash"
	"sync"

	"github.com/bootsim/bootsim/flashmodel"
)

// markSpacing is how far apart the states of a hash lie that are remembered, in
// bytes of flash. A hash is done anew from the last one before a change on.
const markSpacing = 16 << 10

// Pass is a hash over a stretch of flash on its way: a bootloader hashes an
// image while it loads it, and so every byte is read and decrypted once for
// checksum and hash.
type Pass struct {
	begin, at uint32    // hashed from begin up to at
	h         hash.Hash // nil before the first byte
	marks     []byte    // states at begin and after every markSpacing bytes
}

// NewPass returns a pass that begins at an address.
func NewPass(begin uint32) Pass { return Pass{begin: begin, at: begin} }

// origin is where the pieces are counted from that a pass wants to be given.
func (p *Pass) origin(otherwise uint32) uint32 {
	if p == nil {
		return otherwise
	}
	return p.begin
}

// take hashes a piece if it goes on where the pass has come, and returns how
// many bytes it took. Pieces reach over no mark.
func (p *Pass) take(addr uint32, b []byte) int {
	if p == nil || addr != p.at {
		return 0
	}
	if p.h == nil {
		p.h = sha256.New()
	}
	if (p.at-p.begin)%markSpacing == 0 {
		p.marks = appendState(p.marks, p.h)
	}
	p.h.Write(b)
	p.at += uint32(len(b))
	return len(b)
}

// sum returns the hash so far.
func (p *Pass) sum() [sha256.Size]byte {
	if p.h == nil {
		return sha256.Sum256(nil)
	}
	return [sha256.Size]byte(p.h.Sum(nil))
}

// resume goes on from the last of the marks of an earlier pass that lies before
// a changed byte, if there is one.
func (p *Pass) resume(marks []byte, changed, size uint32) {
	one := stateSize()
	n := min(int((changed-p.begin)/markSpacing), len(marks)/one-1)
	if n <= 0 {
		return
	}
	h := sha256.New()
	if h.(encoding.BinaryUnmarshaler).UnmarshalBinary(marks[n*one:(n+1)*one]) != nil {
		return
	}
	p.h, p.at = h, p.begin+uint32(n)*markSpacing
	p.marks = append(make([]byte, 0, (int(size/markSpacing)+1)*one), marks[:n*one]...)
}

// appendState appends what a hash goes on from.
func appendState(to []byte, h hash.Hash) []byte {
	b, err := h.(encoding.BinaryAppender).AppendBinary(to)
	if err != nil {
		panic("recall: SHA-256 does not tell its state: " + err.Error())
	}
	return b
}

// stateSize is the size of every state, in bytes.
var stateSize = sync.OnceValue(func() int { return len(appendState(nil, sha256.New())) })

// buffers are what is read into, of one piece each.
var buffers = sync.Pool{New: func() any { return new([markSpacing]byte) }}

// readPieces hands size bytes from addr on over piece by piece. Pieces end
// where a multiple of markSpacing from origin on is reached.
func readPieces(r flashmodel.Reader, origin, addr, size uint32, take func(addr uint32, b []byte)) {
	room := buffers.Get().(*[markSpacing]byte)
	defer buffers.Put(room)
	for size > 0 {
		b := room[:min(size, markSpacing-(addr-origin)%markSpacing)]
		r.Read(addr, b)
		take(addr, b)
		addr += uint32(len(b))
		size -= uint32(len(b))
	}
}
