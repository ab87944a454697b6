package crypt

import "github.com/bootsim/bootsim/flashmodel"

// View shows flash as the cache does while flash encryption is on (spec 4.7):
// decrypted, at any alignment. It keeps nothing but what it was made of, hence
// never shows anything older than the flash, and may be used by as many
// goroutines as the flash below.
type View struct {
	r     flashmodel.Reader
	flash *flashmodel.Flash // r, if it is one: calls to it need no heap
	c     *Cipher
}

// NewView returns r as c decrypts it. Without a cipher it shows r as it is.
func NewView(r flashmodel.Reader, c *Cipher) *View {
	f, _ := r.(*flashmodel.Flash)
	return &View{r: r, flash: f, c: c}
}

// Size returns the number of bytes of the chip.
func (v *View) Size() uint32 { return v.r.Size() }

// Read fills p with decrypted bytes from addr on. Past the chip the content
// wraps but the address that goes into the tweak does not, so that ciphertext
// read through an alias decrypts to noise, as it does in the machine.
func (v *View) Read(addr uint32, p []byte) {
	if v.c == nil {
		v.raw(addr, p)
		return
	}
	if addr%BlockSize != 0 {
		n := v.piece(addr, p)
		addr += uint32(n)
		p = p[n:]
	}
	whole := wholeBlocks(addr, len(p))
	v.raw(addr, p[:whole])
	v.c.run(fromFlash, addr, p[:whole], p[:whole])
	for whole < len(p) {
		whole += v.piece(addr+uint32(whole), p[whole:])
	}
}

// raw fills p with the cells from addr on. Only a Flash is given p itself, for
// what is handed to an unknown Reader has to lie on the heap.
func (v *View) raw(addr uint32, p []byte) {
	if v.flash != nil {
		v.flash.Read(addr, p)
		return
	}
	b := make([]byte, len(p))
	v.r.Read(addr, b)
	copy(p, b)
}

// pieceSize is how many bytes around parts of blocks are decrypted with them,
// where they are wanted too: no more than goes through the kernel at once.
const pieceSize = 4 * UnitSize

// wholeBlocks returns how many of the size bytes from the block at addr on are
// blocks, but for those that lie in a piece with a part of one.
func wholeBlocks(addr uint32, size int) int {
	if size%BlockSize == 0 {
		return size
	}
	return max(0, size-int((addr+uint32(size))%pieceSize))
}

// piece fills p with what it takes of the pieceSize bytes around addr and
// returns how many bytes that were.
func (v *View) piece(addr uint32, p []byte) int {
	n := min(len(p), pieceSize-int(addr%pieceSize))
	at := int(addr % BlockSize)
	start, size := addr-uint32(at), (at+n+BlockSize-1)&^(BlockSize-1)
	var room [pieceSize]byte
	b := room[:size]
	v.raw(start, b)
	v.c.run(fromFlash, start, b, b)
	return copy(p, b[at:][:n])
}
