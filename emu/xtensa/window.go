package xtensa

import "math/bits"

// Window overflow and underflow are carried out natively, at ENTRY and RETW:
// the frames that a callee could reach are spilled where the handlers of the
// windowed ABI put them. Code sees the same register values; only the moment
// differs, and with it the dead stack below a frame (spec exec 2.6).

// enter carries out ENTRY. It returns false when the frame could not be made.
func (c *CPU) enter(pc, s, size uint32) bool {
	if c.ps&(psWOE|psEXCM) != psWOE || s > 3 {
		c.except(CauseIllegal, pc, 0)
		return false
	}
	base := (c.wb + c.callinc) & 15
	sp := c.ar[c.wb*4+s] - size
	if ahead := c.ahead(base); ahead != 0 && !c.spill(pc, base, ahead) {
		return false
	}
	c.rotate(base)
	c.ar[c.wb*4+s] = sp
	c.ws |= 1 << base
	return true
}

// ahead returns which of the three frames after base are live, bit 0 first.
func (c *CPU) ahead(base uint32) uint32 { return (c.ws | c.ws<<16) >> (base + 1) & 7 }

// spill stores the live frames after base. base itself counts as live, being
// about to be entered.
func (c *CPU) spill(pc, base, ahead uint32) bool {
	c.home()
	defer c.away()
	live := c.ws | 1<<base
	for k := uint32(1); k <= 3; k++ {
		if ahead>>(k-1)&1 != 0 && !c.spillFrame(pc, (base+k)&15, live) {
			return false
		}
		live &^= 1 << ((base + k) & 15)
	}
	return true
}

// spillFrame stores frame p: four registers below its callee's stack pointer,
// the others below that of its own caller.
func (c *CPU) spillFrame(pc, p, live uint32) bool {
	q := uint32(bits.TrailingZeros32((live|live<<16)>>(p+1))) + 1
	if q > 3 {
		c.except(CauseIllegal, pc, 0)
		return false
	}
	if !c.saveArea(pc, c.phys((p+q)*4+1), p*4, 4, 16) {
		return false
	}
	if q > 1 {
		top, ok := c.loadAt(pc, c.phys(p*4+1)-12)
		if !ok || !c.saveArea(pc, top, p*4+4, 4*(q-1), 16*q) {
			return false
		}
	}
	c.ws &^= 1 << p
	return true
}

// saveArea stores n registers from the physical one first on, below an address.
func (c *CPU) saveArea(pc, top, first, n, below uint32) bool {
	for i := range n {
		if !c.storeAt(pc, top-below+4*i, c.phys(first+i)) {
			return false
		}
	}
	return true
}

// leave carries out RETW and returns where it leads. ok is false when that
// raised an exception or stopped the run.
func (c *CPU) leave(pc uint32) (target uint32, ok bool) {
	a0 := c.ar[c.wb*4]
	n := a0 >> 30
	if n == 0 || c.ps&(psWOE|psEXCM) != psWOE {
		c.except(CauseIllegal, pc, 0)
		return 0, false
	}
	base := (c.wb - n) & 15
	c.ws &^= 1 << c.wb
	if c.ws>>base&1 == 0 {
		if !c.fill(pc, base, n) {
			return 0, false
		}
	}
	c.rotate(base)
	return a0&0x3FFFFFFF | pc&0xC0000000, true
}

// fill loads frame p, which called the current one with CALL4, 8 or 12.
func (c *CPU) fill(pc, p, n uint32) bool {
	c.home()
	defer c.away()
	if !c.loadArea(pc, c.phys(c.wb*4+1), p*4, 4, 16) {
		return false
	}
	if n > 1 {
		top, ok := c.loadAt(pc, c.phys(p*4+1)-12)
		if !ok || !c.loadArea(pc, top, p*4+4, 4*(n-1), 16*n) {
			return false
		}
	}
	c.ws |= 1 << p
	return true
}

func (c *CPU) loadArea(pc, top, first, n, below uint32) bool {
	for i := range n {
		v, ok := c.loadAt(pc, top-below+4*i)
		if !ok {
			return false
		}
		c.ar[(first+i)&(arCount-1)] = v
	}
	return true
}

// phys is a physical register while the copies are home.
func (c *CPU) phys(i uint32) uint32 { return c.ar[i&(arCount-1)] }
