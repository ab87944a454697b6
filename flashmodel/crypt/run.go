package crypt

// batch is how many groups of units go to the kernel at a time: enough to keep
// it busy, few enough for their bases to stay on the stack and in the first
// cache.
const batch = 32

// call is one use of a cipher.
type call struct {
	*schedule
	tweak *tweak
	path  path
	d     direction
}

// run carries out whole blocks from addr on.
func (c *Cipher) run(d direction, addr uint32, dst, src []byte) {
	s := c.schedule.get()
	do := call{schedule: s, tweak: s.conf.tweak(), path: c.path, d: d}
	if s.spills(addr, len(src)) {
		do.path = pathPlain
	}
	for len(src) > 0 {
		n := do.stretch(addr, dst, src)
		addr += uint32(n)
		dst, src = dst[n:], src[n:]
	}
}

// stretch carries out as much from the beginning on as goes in one piece, and
// returns how many bytes that were.
func (c *call) stretch(addr uint32, dst, src []byte) int {
	most, least := c.path.widths()
	wide, narrow := most*UnitSize, least*UnitSize
	size := uint32(min(len(src), int(batch*wide)))
	if addr%wide == 0 && size >= wide {
		return c.whole(most, addr, dst, src[:size&^(wide-1)])
	}
	size = min(size, wide-addr%wide) // from there on the wide groups may do
	if addr%narrow == 0 && size >= narrow {
		return c.whole(least, addr, dst, src[:size&^(narrow-1)])
	}
	return c.part(least, addr, dst, src)
}

// whole carries out whole groups of the given width.
func (c *call) whole(width, addr uint32, dst, src []byte) int {
	var room [batch]words
	bases := room[:len(src)/int(width*UnitSize)]
	c.groups(width, addr, dst[:len(src)], src, bases)
	return len(src)
}

// part carries out a part of a group in a buffer.
func (c *call) part(width, addr uint32, dst, src []byte) int {
	var base [1]words
	var room [4 * UnitSize]byte
	b := room[:width*UnitSize]
	at := addr % uint32(len(b))
	n := copy(b[at:], src)
	c.groups(width, addr-at, b, b, base[:])
	return copy(dst, b[at:][:n])
}

// groups carries out groups, with room for a base each.
func (c *call) groups(width, addr uint32, dst, src []byte, bases []words) {
	if c.spills(addr, len(src)) {
		c.fillTool(bases, addr/UnitSize)
	} else {
		c.fill(c.tweak, bases, addr/UnitSize, width)
	}
	c.path.groups(c.d, width, dst, src, bases, c.tweak)
}
