package sweep

import (
	"github.com/bootsim/bootsim/flashmodel"
)

// plaintexts knows pieces of the images that are to be secret.
type plaintexts struct {
	pieces map[[pieceSize]byte]bool
}

// pieceSize is how much of an image has to show to count, in bytes.
const pieceSize = 32

// learn takes the images of a scenario in. Pieces of one byte repeated are no
// secret.
func (p *plaintexts) learn(images []Image) {
	p.pieces = map[[pieceSize]byte]bool{}
	for _, im := range images {
		for at := 0; at+pieceSize <= len(im.Plain); at += pieceSize {
			piece := [pieceSize]byte(im.Plain[at:])
			if piece != repeated(piece[0]) {
				p.pieces[piece] = true
			}
		}
	}
}

func repeated(b byte) (piece [pieceSize]byte) {
	for i := range piece {
		piece[i] = b
	}
	return piece
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
	if op.Kind != flashmodel.OpProgram {
		return false
	}
	for at := 0; at+pieceSize <= len(op.Data); at += pieceSize {
		if p.pieces[[pieceSize]byte(op.Data[at:])] {
			return true
		}
	}
	return false
}
