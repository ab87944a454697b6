package esp32

import (
	"slices"

	"github.com/bootsim/bootsim/emu/efuse"
	"github.com/bootsim/bootsim/flashmodel/secureboot"
)

// digestEngine is Secure Boot V1's engine as a first boot drives it: it is
// given an initial vector and blocks of the second stage, and returns the
// digest under the key in BLOCK2.
type digestEngine struct {
	iv, data []byte
	digest   [secureboot.V1DigestSize]byte
}

// romSecureBoot is the functions with which a bootloader makes the digest that
// the ROM checks from then on (ESP-IDF v3.3.6 bootloader_support,
// secure_boot.c; spec exec 3.2). No recorded run makes one.
func romSecureBoot() []Function {
	return []Function{
		served("ets_secure_boot_start", 0x4005ca34, func(m *Machine) { m.secure = digestEngine{}; m.ret(0) }),
		served("ets_secure_boot_finish", 0x4005ca84, func(m *Machine) { m.secure = digestEngine{}; m.ret(0) }),
		served("ets_secure_boot_rd_iv", 0x4005cb84, func(m *Machine) {
			m.secure.iv = m.bytes(m.arg(0), secureboot.V1IVSize)
			m.draws.BootIV = slices.Clone(m.secure.iv)
			m.ret(0)
		}),
		served("ets_secure_boot_hash", 0x4005cad4, func(m *Machine) {
			// Without a buffer it is the vector that goes in.
			if m.arg(0) != 0 && len(m.secure.data) < maxBlock {
				m.secure.data = append(m.secure.data, m.bytes(m.arg(0), secureboot.V1BlockSize)...)
			}
			m.ret(0)
		}),
		served("ets_secure_boot_obtain", 0x4005cb14, func(m *Machine) { m.secure.obtain(m) }),
		served("ets_secure_boot_rd_abstract", 0x4005cba8, func(m *Machine) {
			m.putBytes(m.arg(0), m.secure.digest[:])
			m.ret(0)
		}),
	}
}

// obtain computes the digest.
func (e *digestEngine) obtain(m *Machine) {
	if m.dev.Efuses.CodingScheme() == efuse.CodingRepeat || e.iv == nil {
		m.unmodelled("a secure boot digest under coding scheme %s or without an initial vector", m.dev.Efuses.CodingScheme())
		return
	}
	m.work += uint64(len(e.data))
	e.digest = secureboot.V1Digest(m.dev.Efuses.HardwareBootKey(), e.iv, e.data)
	m.ret(0)
}
