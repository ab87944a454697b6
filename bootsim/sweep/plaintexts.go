package sweep

import (
	"encoding/binary"
	"math/bits"

	"github.com/bootsim/bootsim/flashmodel"
)

// plaintexts knows pieces of the images that are to be secret. It is a hash
// table with open addressing: a map of pieces took longer to fill than the
// update that is looked at takes to run.
type plaintexts struct {
	images [][]byte
	slots  []pieceSlot // a power of two, at least twice the pieces
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
	p.images = nil
	for _, im := range images {
		p.images = append(p.images, im.Plain)
		n += len(im.Plain) / pieceSize
	}
	p.slots = make([]pieceSlot, 1<<bits.Len(uint(2*n)))
	for i, b := range p.images {
		for at := 0; at+pieceSize <= len(b); at += pieceSize {
			piece := (*[pieceSize]byte)(b[at:])
			if s := p.find(piece); s.number == 0 && !repeated(piece) {
				*s = pieceSlot{uint32(at/pieceSize) + 1, uint32(i)}
			}
		}
	}
}

// find returns where a piece stands, or the free place that it would take.
func (p *plaintexts) find(piece *[pieceSize]byte) *pieceSlot {
	for at := hashed(piece); ; at++ {
		s := &p.slots[at&uint64(len(p.slots)-1)]
		if s.number == 0 || *(*[pieceSize]byte)(p.images[s.image][(s.number-1)*pieceSize:]) == *piece {
			return s
		}
	}
}

// hashed mixes all bytes of a piece.
func hashed(piece *[pieceSize]byte) uint64 {
	const odd = 0x9e3779b97f4a7c15
	var h uint64
	for at := 0; at < pieceSize; at += 8 {
		h = bits.RotateLeft64(h, 23) ^ binary.LittleEndian.Uint64(piece[at:])
		h *= odd
	}
	return h ^ h>>32
}

func repeated(piece *[pieceSize]byte) bool {
	for _, b := range piece {
		if b != piece[0] {
			return false
		}
	}
	return true
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
	if op.Kind != flashmodel.OpProgram || len(p.slots) == 0 {
		return false
	}
	for at := 0; at+pieceSize <= len(op.Data); at += pieceSize {
		if p.find((*[pieceSize]byte)(op.Data[at:])).number != 0 {
			return true
		}
	}
	return false
}
