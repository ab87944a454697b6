package esp32

import "math/bits"

// addrByteSwap is __bswapsi2.
const addrByteSwap = 0x40064ae0

func byteSwap(v uint32) uint32 { return bits.ReverseBytes32(v) }

// romInteger is the compiler's support routines (libgcc semantics).
func romInteger() []Function {
	one := func(f func(a uint32) uint32) func(*Machine) { return func(m *Machine) { m.ret(f(m.arg(0))) } }
	two := func(f func(a, b uint32) uint32) func(*Machine) {
		return func(m *Machine) { m.ret(f(m.arg(0), m.arg(1))) }
	}
	long := func(f func(a, b uint64) uint64) func(*Machine) {
		return func(m *Machine) { m.ret64(f(m.arg64(0), m.arg64(2))) }
	}
	short := func(f func(a uint64) uint32) func(*Machine) { return func(m *Machine) { m.ret(f(m.arg64(0))) } }
	shift := func(f func(a uint64, n uint32) uint64) func(*Machine) {
		return func(m *Machine) { m.ret64(f(m.arg64(0), m.arg(2)&63)) }
	}
	return append(romDivision(), []Function{
		served("__bswapsi2", addrByteSwap, one(byteSwap)),
		served("__bswapdi2", 0x40064b08, func(m *Machine) { m.ret64(bits.ReverseBytes64(m.arg64(0))) }),
		served("__popcountsi2", 0x40002ed0, one(func(a uint32) uint32 { return uint32(bits.OnesCount32(a)) })),
		served("__popcountdi2", 0x40002ef8, short(func(a uint64) uint32 { return uint32(bits.OnesCount64(a)) })),
		served("__paritysi2", 0x40002f3c, one(func(a uint32) uint32 { return uint32(bits.OnesCount32(a)) & 1 })),
		served("__clzsi2", 0x4000c7e8, one(func(a uint32) uint32 { return uint32(bits.LeadingZeros32(a)) })),
		served("__clzdi2", 0x4000ca50, short(func(a uint64) uint32 { return uint32(bits.LeadingZeros64(a)) })),
		served("__ctzsi2", 0x4000c7f0, one(func(a uint32) uint32 { return uint32(bits.TrailingZeros32(a)) })),
		served("__ctzdi2", 0x4000ca64, short(func(a uint64) uint32 { return uint32(bits.TrailingZeros64(a)) })),
		served("__ffssi2", 0x4000c804, one(func(a uint32) uint32 { return uint32((bits.TrailingZeros32(a) + 1) % 33) })),
		served("__ffsdi2", 0x4000ca2c, short(func(a uint64) uint32 { return uint32((bits.TrailingZeros64(a) + 1) % 65) })),
		served("__clrsbsi2", 0x40064b64, one(func(a uint32) uint32 { return uint32(bits.LeadingZeros32(a^uint32(int32(a)>>31))) - 1 })),
		served("__clrsbdi2", 0x40064b7c, short(func(a uint64) uint32 { return uint32(bits.LeadingZeros64(a^uint64(int64(a)>>63))) - 1 })),
		served("__ashldi3", 0x4000c818, shift(func(a uint64, n uint32) uint64 { return a << n })),
		served("__lshrdi3", 0x4000c84c, shift(func(a uint64, n uint32) uint64 { return a >> n })),
		served("__ashrdi3", 0x4000c830, shift(func(a uint64, n uint32) uint64 { return uint64(int64(a) >> n) })),
		served("__muldi3", 0x4000c9fc, long(func(a, b uint64) uint64 { return a * b })),
		served("__mulsi3", 0x4000c7b0, two(func(a, b uint32) uint32 { return a * b })),
		served("__umulsidi3", 0x4000c7d8, func(m *Machine) { m.ret64(uint64(m.arg(0)) * uint64(m.arg(1))) }),
		served("__negdi2", 0x4000ca14, func(m *Machine) { m.ret64(-m.arg64(0)) }),
		served("__cmpdi2", 0x40063820, func(m *Machine) { m.ret(order(int64(m.arg64(0)), int64(m.arg64(2)))) }),
		served("__ucmpdi2", 0x40063840, func(m *Machine) { m.ret(order(m.arg64(0), m.arg64(2))) }),
		served("abs", 0x40056340, one(magnitude)), served("labs", 0x40056370, one(magnitude)),
		absent("__absvdi2", 0x4006387c), absent("__absvsi2", 0x40063868), absent("__addvdi3", 0x40002cbc), absent("__addvsi3", 0x40002c98),
		absent("__mulvdi3", 0x40002d78), absent("__mulvsi3", 0x40002d60), absent("__subvdi3", 0x40002d20), absent("__subvsi3", 0x40002cf8),
	}...)
}

// romDivision is the divisions. What the ROM does for a divisor of 0 is not
// known; its core raises an exception, and so does this.
func romDivision() []Function {
	signed := func(f func(a, b int64) int64) func(*Machine) {
		return division(func(a, b uint64) uint64 { return uint64(f(int64(a), int64(b))) })
	}
	small := func(f func(a, b uint32) uint32) func(*Machine) {
		return func(m *Machine) {
			if m.arg(1) == 0 {
				m.fault(causeDivide, 0)
				return
			}
			m.ret(f(m.arg(0), m.arg(1)))
		}
	}
	return []Function{
		served("__udivdi3", 0x4000cff8, division(func(a, b uint64) uint64 { return a / b })),
		served("__umoddi3", 0x4000d280, division(func(a, b uint64) uint64 { return a % b })),
		served("__divdi3", 0x4000ca84, signed(func(a, b int64) int64 { return a / b })),
		served("__moddi3", 0x4000cd4c, signed(func(a, b int64) int64 { return a % b })),
		served("__udivsi3", 0x4000c7c8, small(func(a, b uint32) uint32 { return a / b })),
		served("__umodsi3", 0x4000c7d0, small(func(a, b uint32) uint32 { return a % b })),
		served("__divsi3", 0x4000c7b8, small(func(a, b uint32) uint32 { return uint32(int32(int64(int32(a)) / int64(int32(b)))) })),
		served("__modsi3", 0x4000c7c0, small(func(a, b uint32) uint32 { return uint32(int32(int64(int32(a)) % int64(int32(b)))) })),
		served("__udivmoddi4", 0x40064bf4, func(m *Machine) {
			a, b, p := m.arg64(0), m.arg64(2), m.arg(4)
			if b == 0 {
				m.fault(causeDivide, 0)
				return
			}
			if p != 0 {
				m.poke(p, uint32(a%b))
				m.poke(p+4, uint32(a%b>>32))
			}
			m.ret64(a / b)
		}),
	}
}

func division(f func(a, b uint64) uint64) func(*Machine) {
	return func(m *Machine) {
		a, b := m.arg64(0), m.arg64(2)
		if b == 0 {
			m.fault(causeDivide, 0)
			return
		}
		m.ret64(f(a, b))
	}
}

// order compares as libgcc does: 0 less, 1 equal, 2 greater.
func order[T int64 | uint64](a, b T) uint32 {
	switch {
	case a < b:
		return 0
	case a == b:
		return 1
	}
	return 2
}

func magnitude(a uint32) uint32 {
	if int32(a) < 0 {
		return -a
	}
	return a
}
