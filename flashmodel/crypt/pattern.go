package crypt

import "math/bits"

// number is a 256-bit number, least significant word first. A key is the
// number that its bytes spell in file order, most significant first.
type number [4]uint64

func (a number) xor(b number) number {
	for i := range a {
		a[i] ^= b[i]
	}
	return a
}

func (a number) or(b number) number {
	for i := range a {
		a[i] |= b[i]
	}
	return a
}

func (a number) and(b number) number {
	for i := range a {
		a[i] &= b[i]
	}
	return a
}

// times returns a*n modulo 2^256.
func (a number) times(n uint32) number {
	var carry uint64
	for i := range a {
		hi, lo := bits.Mul64(a[i], uint64(n))
		var c uint64
		a[i], c = bits.Add64(lo, carry, 0)
		carry = hi + c
	}
	return a
}

// set sets the bits from bit on, width of them.
func (a *number) set(bit, width int) {
	for i := bit; i < bit+width; i++ {
		a[i/64] |= 1 << (i % 64)
	}
}

// words returns the bytes of the number, most significant first, as words.
func (a number) words() words {
	var w words
	for i := range w {
		w[i] = bits.ReverseBytes64(a[len(a)-1-i])
	}
	return w
}

// A run is a stretch of key bits that takes the address bits from 5 up to some
// highest one, bit 5 at the least significant place (spec 4.6).
type run struct {
	bit   int // place of address bit 5 in the key, counted from the least significant
	width int // address bits
}

// runs returns the sixteen runs of the key pattern: four times three runs of
// all 19 address bits and a shorter one, from the first key byte on.
func runs() [16]run {
	var rs [16]run
	at := 256
	for i := range rs {
		width := unitBits
		if i%4 == 3 {
			width = 10 - i/4*2
		}
		at -= width
		rs[i] = run{bit: at, width: width}
	}
	return rs
}

// unitBitMask returns the key bits that bit n of the unit's number flips.
func unitBitMask(n int) number {
	var m number
	for _, r := range runs() {
		if n < r.width {
			m.set(r.bit+n, 1)
		}
	}
	return m
}

// toolMask returns the key bits that the reference tool flips for a unit: it
// multiplies the unit's number to all places at once and cuts off only what is
// too wide for the short runs. Below 16 MB that is the XOR of unitBitMask over
// the bits of the number; above, the long runs carry into each other.
func toolMask(unit uint32) number {
	var long, short, room number
	for _, r := range runs() {
		if r.width == unitBits {
			long.set(r.bit, 1)
			continue
		}
		short.set(r.bit, 1)
		room.set(r.bit, r.width)
	}
	return long.times(unit).or(short.times(unit).and(room))
}

// bits returns the key bits that the configuration lets the address into:
// 67, 65, 63 and 61 bits from the first key byte on.
func (c Config) bits() number {
	var m number
	at := 256
	for i := range 4 {
		width := 67 - 2*i
		at -= width
		if c>>i&1 != 0 {
			m.set(at, width)
		}
	}
	return m
}
