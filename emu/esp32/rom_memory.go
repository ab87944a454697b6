package esp32

import "github.com/bootsim/bootsim/emu/xtensa"

const causeDivide = xtensa.CauseDivide

// maxBlock bounds what one call may copy or fill: the size of the address
// space's largest stretch of memory. More runs into a hole on the way.
const maxBlock = 16 << 20

// maxWork bounds the accesses that ROM functions may make in one run, which
// count as no time: more is no boot.
const maxWork = 1 << 28

// romMemory is the memory functions. They are called with registers and flash
// windows as well as with RAM, and go through the bus.
func romMemory() []Function {
	compare := func(m *Machine) { m.ret(m.compare(m.arg(0), m.arg(1), m.arg(2))) }
	return []Function{
		served("memcpy", 0x4000c2c8, func(m *Machine) { m.copy(m.arg(0), m.arg(1), m.arg(2)); m.ret(m.arg(0)) }),
		served("xthal_memcpy", 0x4000c0bc, func(m *Machine) { m.copy(m.arg(0), m.arg(1), m.arg(2)); m.ret(m.arg(0)) }),
		served("xthal_bcopy", 0x4000c098, func(m *Machine) { m.copy(m.arg(1), m.arg(0), m.arg(2)) }),
		served("memmove", 0x4000c3c0, func(m *Machine) { m.move(m.arg(0), m.arg(1), m.arg(2)); m.ret(m.arg(0)) }),
		served("memset", 0x4000c44c, func(m *Machine) { m.fill(m.arg(0), m.arg(1), m.arg(2)); m.ret(m.arg(0)) }),
		served("bzero", 0x4000c1f4, func(m *Machine) {
			p, n := m.arg(0), m.arg(1)
			m.fill(p, 0, n)
			m.ret(p + n)
		}),
		served("memcmp", 0x4000c260, compare), served("__gcc_bcmp", 0x40064a70, compare),
		served("memchr", 0x4000c244, func(m *Machine) { m.ret(m.find(m.arg(0), m.arg(1), m.arg(2), false)) }),
		served("memrchr", 0x4000c400, func(m *Machine) { m.ret(m.find(m.arg(0), m.arg(1), m.arg(2), true)) }),
		served("memccpy", 0x4000c220, func(m *Machine) {
			to, from, c, n := m.arg(0), m.arg(1), m.arg(2), m.arg(3)
			at := m.find(from, c, n, false)
			if at != 0 {
				n = at - from + 1
			}
			m.copy(to, from, n)
			if at != 0 {
				at = to + n
			}
			m.ret(at)
		}),
	}
}

// peek and poke are words of memory; what lies in a hole raises the exception
// that the ROM's own access would.
func (m *Machine) peek(addr uint32) uint32 { return m.get(addr, 4) }

func (m *Machine) poke(addr, v uint32) { m.set(addr, 4, v) }

func (m *Machine) get(addr, size uint32) uint32 {
	m.work++
	v, cause := m.CPU.Read(addr, size)
	if cause != xtensa.NoCause && !m.faulted {
		m.faulted = true
		m.fault(cause, addr)
	}
	return v
}

func (m *Machine) set(addr, size, v uint32) bool {
	m.work++
	cause := m.CPU.Write(addr, size, v)
	if cause != xtensa.NoCause && !m.faulted {
		m.faulted = true
		m.fault(cause, addr)
	}
	return !m.faulted
}

// copy is memcpy: by words where both sides are aligned, as registers want it,
// with the tail taken from the last word.
func (m *Machine) copy(to, from, n uint32) {
	i := uint32(0)
	if to&3 == from&3 {
		for ; i < n && (to+i)&3 != 0; i++ {
			m.set(to+i, 1, m.get(from+i, 1))
		}
		for ; i+4 <= n && !m.faulted; i += 4 {
			m.set(to+i, 4, m.get(from+i, 4))
		}
		if i < n && !m.faulted {
			w := m.get(from+i, 4)
			for j := uint32(0); i < n; i, j = i+1, j+8 {
				m.set(to+i, 1, w>>j)
			}
		}
		return
	}
	for ; i < n && !m.faulted; i++ {
		m.set(to+i, 1, m.get(from+i, 1))
	}
}

func (m *Machine) move(to, from, n uint32) {
	if to-from >= n {
		m.copy(to, from, n)
		return
	}
	for i := n; i > 0 && !m.faulted; i-- {
		m.set(to+i-1, 1, m.get(from+i-1, 1))
	}
}

func (m *Machine) fill(to, c, n uint32) {
	c &= 0xFF
	word := c * 0x01010101
	for i := uint32(0); i < n && !m.faulted; {
		if (to+i)&3 == 0 && n-i >= 4 {
			m.set(to+i, 4, word)
			i += 4
			continue
		}
		m.set(to+i, 1, c)
		i++
	}
}

// compare is the difference of the first bytes that differ.
func (m *Machine) compare(a, b, n uint32) uint32 {
	for i := uint32(0); i < n && !m.faulted; i++ {
		if x, y := m.get(a+i, 1), m.get(b+i, 1); x != y {
			return x - y
		}
	}
	return 0
}

func (m *Machine) find(p, c, n uint32, last bool) uint32 {
	found := uint32(0)
	for i := uint32(0); i < n && !m.faulted; i++ {
		if m.get(p+i, 1) == c&0xFF {
			found = p + i
			if !last {
				break
			}
		}
	}
	return found
}

// bytes reads n bytes.
func (m *Machine) bytes(addr, n uint32) []byte {
	if n > maxBlock {
		m.unmodelled("a block of %d bytes at 0x%08x", n, addr)
		return nil
	}
	b := make([]byte, n)
	i := uint32(0)
	for ; addr&3 == 0 && i+4 <= n && !m.faulted; i += 4 {
		v := m.get(addr+i, 4)
		b[i], b[i+1], b[i+2], b[i+3] = byte(v), byte(v>>8), byte(v>>16), byte(v>>24)
	}
	for ; i < n && !m.faulted; i++ {
		b[i] = byte(m.get(addr+i, 1))
	}
	return b
}

func (m *Machine) putBytes(addr uint32, b []byte) {
	for i, v := range b {
		m.set(addr+uint32(i), 1, uint32(v))
	}
}
