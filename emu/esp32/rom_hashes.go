package esp32

import (
	"crypto/md5"
	"hash"
	"hash/crc32"
)

// digests is the running MD5 computations, by the address of their context,
// which code treats as opaque.
type digests map[uint32]hash.Hash

// romHashes is CRCs, MD5, and the switches of the SHA and secure boot engines.
func romHashes() []Function {
	return []Function{
		served("crc32_le", 0x4005cfec, func(m *Machine) {
			// The ROM inverts before and after, as the standard library does.
			m.ret(crc32.Update(m.arg(0), crc32.IEEETable, m.bytes(m.arg(1), m.arg(2))))
		}),
		served("crc32_be", 0x4005d024, crc{0x04C11DB7, 32, true}.function),
		served("crc16_le", 0x4005d05c, crc{0x8408, 16, false}.function), served("crc16_be", 0x4005d09c, crc{0x1021, 16, true}.function),
		served("crc8_le", 0x4005d0e0, crc{0xE0, 8, false}.function), served("crc8_be", 0x4005d114, crc{0x07, 8, true}.function),
		served("esp_crc8", 0x4005d144, func(m *Machine) {
			m.ret(crc{0x8C, 8, false}.update(0, m.bytes(m.arg(0), m.arg(1))))
		}),
		served("MD5Init", 0x4005da7c, func(m *Machine) {
			if m.md5 == nil {
				m.md5 = digests{}
			}
			m.md5[m.arg(0)] = md5.New()
		}),
		served("MD5Update", 0x4005da9c, func(m *Machine) {
			if h := m.digest(m.arg(0)); h != nil {
				_, _ = h.Write(m.bytes(m.arg(1), m.arg(2)))
			}
		}),
		served("MD5Final", 0x4005db1c, func(m *Machine) {
			if h := m.digest(m.arg(1)); h != nil {
				m.putBytes(m.arg(0), h.Sum(nil))
			}
		}),
		served("ets_sha_enable", 0x4005c07c, func(m *Machine) {
			m.keep(dport+0x1C, m.stored(dport+0x1C)|2)
			m.keep(dport+0x20, m.stored(dport+0x20)&^2)
		}),
		served("ets_sha_disable", 0x4005c0a8, func(m *Machine) { m.keep(dport+0x1C, m.stored(dport+0x1C)&^2) }),
	}
}

func (m *Machine) digest(context uint32) hash.Hash {
	h := m.md5[context]
	if h == nil {
		m.unmodelled("an MD5 context at 0x%08x that MD5Init did not make", context)
	}
	return h
}

// crc is one of the ROM's CRCs: the polynomial, its width, and whether it shifts
// left (big) or right.
type crc struct {
	poly uint32
	bits uint
	big  bool
}

// update takes data into a sum.
func (c crc) update(sum uint32, data []byte) uint32 {
	for _, b := range data {
		if c.big {
			sum ^= uint32(b) << (c.bits - 8)
		} else {
			sum ^= uint32(b)
		}
		for range 8 {
			if c.big {
				sum = sum<<1 ^ c.poly&-(sum>>(c.bits-1)&1)
			} else {
				sum = sum>>1 ^ c.poly&-(sum&1)
			}
		}
		sum &= 1<<c.bits - 1
	}
	return sum
}

// function is the ROM's crc(init, buf, n), which inverts before and after.
func (c crc) function(m *Machine) {
	mask := uint32(1<<c.bits - 1)
	m.ret(^c.update(^m.arg(0)&mask, m.bytes(m.arg(1), m.arg(2))) & mask)
}
