package sweep

import (
	"encoding/binary"
	"math/bits"

	"github.com/bootsim/bootsim/flashmodel"
)

// plaintexts knows pieces of the images that are to be secret. Nearly every
// piece that is asked for is none: a filter says so, and the table of those that
// are is made when the filter first hesitates.
type plaintexts struct {
	images [][]byte
	filter []uint64    // a power of two; three bits in each of two words for each piece
	slots  []pieceSlot // a power of two, at least twice the pieces; open addressing
}

// pieceSlot says where a piece is: 0 for nowhere, else one more than its number
// within its image.
type pieceSlot struct {
	number uint32
	image  uint32
}

// pieceSize is how much of an image has to show to count, in bytes.
const pieceSize = 32

// learn takes the images of a scenario in. Pieces of one byte repeated are no
// secret.
func (p *plaintexts) learn(images []Image) {
	n := 0
	p.images, p.slots = nil, nil
	for _, im := range images {
		p.images = append(p.images, im.Plain)
		n += len(im.Plain) / pieceSize
	}
	p.filter = make([]uint64, 1<<bits.Len(uint(n/2)))
	p.each(func(piece *[pieceSize]byte, _ pieceSlot) {
		h := hashed(piece)
		at, mask := p.bits(h)
		p.filter[at] |= mask
		at, mask = p.bits(h * again)
		p.filter[at] |= mask
	})
}

// each calls take for every piece that is secret.
func (p *plaintexts) each(take func(*[pieceSize]byte, pieceSlot)) {
	for i, b := range p.images {
		for at := 0; at+pieceSize <= len(b); at += pieceSize {
			if piece := (*[pieceSize]byte)(b[at:]); !repeated(piece) {
				take(piece, pieceSlot{uint32(at/pieceSize) + 1, uint32(i)})
			}
		}
	}
}

// bits are those that the filter has for a hash: a word, and bits in it.
func (p *plaintexts) bits(hash uint64) (at, mask uint64) {
	return hash >> 8 & uint64(len(p.filter)-1), 1<<(hash>>58) | 1<<(hash>>52&63) | 1<<(hash>>46&63)
}

// again makes a second hash of a first.
const again = 0xff51afd7ed558ccd

// tabulate makes the table.
func (p *plaintexts) tabulate() {
	p.slots = make([]pieceSlot, 4*len(p.filter))
	p.each(func(piece *[pieceSize]byte, where pieceSlot) {
		if s := p.find(piece, hashed(piece)); s.number == 0 {
			*s = where
		}
	})
}

// has tells whether a piece is secret.
func (p *plaintexts) has(piece *[pieceSize]byte) bool {
	h := hashed(piece)
	if at, mask := p.bits(h); p.filter[at]&mask != mask {
		return false
	}
	if at, mask := p.bits(h * again); p.filter[at]&mask != mask {
		return false
	}
	if p.slots == nil {
		p.tabulate()
	}
	return p.find(piece, h).number != 0
}

// find returns where a piece stands, or the free place that it would take.
func (p *plaintexts) find(piece *[pieceSize]byte, hash uint64) *pieceSlot {
	for at := hash; ; at++ {
		s := &p.slots[at&uint64(len(p.slots)-1)]
		if s.number == 0 || *(*[pieceSize]byte)(p.images[s.image][(s.number-1)*pieceSize:]) == *piece {
			return s
		}
	}
}

// hashed mixes all bytes of a piece.
func hashed(piece *[pieceSize]byte) uint64 {
	const a, b, c, d = 0x9e3779b97f4a7c15, 0xbf58476d1ce4e5b9, 0x94d049bb133111eb, 0xd6e8feb86659fd93
	word := func(at int) uint64 { return binary.LittleEndian.Uint64(piece[at:]) }
	h := word(0)*a ^ bits.RotateLeft64(word(8)*b, 17) ^ bits.RotateLeft64(word(16)*c, 33) ^ bits.RotateLeft64(word(24)*d, 49)
	h ^= h >> 32
	h *= a
	return h ^ h>>29
}

// repeated tells whether a piece is one byte over and over: the same when
// shifted by one.
func repeated(piece *[pieceSize]byte) bool {
	return piece[0] == piece[1] && piece[0] == piece[pieceSize-1] && string(piece[1:]) == string(piece[:pieceSize-1])
}

// in counts the operations that program a piece, and returns the first.
func (p *plaintexts) in(ops []flashmodel.Op) (n, first int) {
	for i := range ops {
		if !p.holds(&ops[i]) {
			continue
		}
		if n == 0 {
			first = i
		}
		n++
	}
	return n, first
}

// holds tells whether an operation programs a piece.
func (p *plaintexts) holds(op *flashmodel.Op) bool {
	if op.Kind != flashmodel.OpProgram || len(p.filter) == 0 {
		return false
	}
	for at := 0; at+pieceSize <= len(op.Data); at += pieceSize {
		if p.has((*[pieceSize]byte)(op.Data[at:])) {
			return true
		}
	}
	return false
}
