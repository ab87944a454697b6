package sweep

import (
	"encoding/binary"
	"math/bits"
	"sync"

	"github.com/bootsim/bootsim/flashmodel"
)

// plaintexts knows the images that are to be secret, each by its pieces.
type plaintexts []*facts

// pieces knows the pieces of one image. Nearly every piece that is asked for is
// none: a filter says so, and the table of those that are is made when the filter
// first hesitates.
type pieces struct {
	image  []byte
	filter []uint64 // a power of two; three bits in each of two words for each piece
	once   sync.Once
	slots  []uint32 // a power of two, at least twice the pieces; open addressing. One more than a piece's number, 0 for nothing
}

// pieceSize is how much of an image has to show to count, in bytes.
const pieceSize = 32

// learn takes the images of a scenario in. Pieces of one byte repeated are no
// secret.
func (p *plaintexts) learn(images []Image) {
	*p = nil
	for _, im := range images {
		f := im.facts
		if f == nil {
			f = new(facts)
		}
		f.learned.Do(func() { f.pieces.learn(im.Plain) })
		*p = append(*p, f)
	}
}

func (p *pieces) learn(image []byte) {
	p.image = image
	p.filter = make([]uint64, 1<<bits.Len(uint(len(image)/pieceSize/3)))
	p.each(func(piece *[pieceSize]byte, _ uint32) {
		h := hashed(piece)
		at, mask := p.bits(h)
		p.filter[at] |= mask
		at, mask = p.bits(h * again)
		p.filter[at] |= mask
	})
}

// each calls take for every piece that is secret, with one more than its number.
func (p *pieces) each(take func(*[pieceSize]byte, uint32)) {
	b := p.image
	for at := 0; at+pieceSize <= len(b); at += pieceSize {
		if piece := (*[pieceSize]byte)(b[at:]); !repeated(piece) {
			take(piece, uint32(at/pieceSize)+1)
		}
	}
}

// bits are those that the filter has for a hash: a word, and bits in it.
func (p *pieces) bits(hash uint64) (at, mask uint64) {
	return hash >> 8 & uint64(len(p.filter)-1), 1<<(hash>>58) | 1<<(hash>>52&63) | 1<<(hash>>46&63)
}

// again makes a second hash of a first.
const again = 0xff51afd7ed558ccd

// tabulate makes the table.
func (p *pieces) tabulate() {
	p.slots = make([]uint32, 2<<bits.Len(uint(len(p.image)/pieceSize)))
	p.each(func(piece *[pieceSize]byte, number uint32) {
		if s := p.find(piece, hashed(piece)); *s == 0 {
			*s = number
		}
	})
}

// has tells whether a piece with a hash is secret.
func (p *pieces) has(piece *[pieceSize]byte, h uint64) bool {
	if at, mask := p.bits(h); p.filter[at]&mask != mask {
		return false
	}
	if at, mask := p.bits(h * again); p.filter[at]&mask != mask {
		return false
	}
	p.once.Do(p.tabulate)
	return *p.find(piece, h) != 0
}

// find returns where a piece stands, or the free place that it would take.
func (p *pieces) find(piece *[pieceSize]byte, hash uint64) *uint32 {
	for at := hash; ; at++ {
		s := &p.slots[at&uint64(len(p.slots)-1)]
		if *s == 0 || *(*[pieceSize]byte)(p.image[(*s-1)*pieceSize:]) == *piece {
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
func (p plaintexts) in(ops []flashmodel.Op) (n, first int) {
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
func (p plaintexts) holds(op *flashmodel.Op) bool {
	if op.Kind != flashmodel.OpProgram {
		return false
	}
	for at := 0; at+pieceSize <= len(op.Data); at += pieceSize {
		piece := (*[pieceSize]byte)(op.Data[at:])
		h := hashed(piece)
		for _, f := range p {
			if f.has(piece, h) {
				return true
			}
		}
	}
	return false
}
