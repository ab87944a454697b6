package esp32

import (
	"encoding/binary"

	"github.com/bootsim/bootsim/flashmodel/crypt"
)

const encryptBase = 0x3FF5B000

// encryptBlock is the flash encryption block's write side: it turns 32 bytes
// into the ciphertext that the next page program sends.
type encryptBlock struct {
	pending []byte
}

func flashEncryptionBlock() block {
	return block{"flash encryption", encryptBase, "ESP-IDF v5.2.2 soc/esp32/flash_encryption_reg.h; spec exec 4.5", []register{
		{name: "FLASH_ENCRYPT_BUFFER", off: 0, count: 8},
		{name: "FLASH_ENCRYPT_START", off: 0x20, write: func(m *Machine, _, v uint32) {
			if v&1 != 0 {
				m.crypt.start(m)
			}
		}},
		{name: "FLASH_ENCRYPT_ADDRESS", off: 0x24},
		{name: "FLASH_ENCRYPT_DONE", off: 0x28, read: always(1), write: ignore},
	}}
}

// start encrypts the buffer under the key that is burnt now: a first boot burns
// it and goes on to encrypt without a reset.
func (e *encryptBlock) start(m *Machine) {
	b := make([]byte, crypt.UnitSize)
	for i := range 8 {
		binary.LittleEndian.PutUint32(b[4*i:], m.stored(encryptBase+4*uint32(i)))
	}
	c := crypt.New(m.dev.Efuses.HardwareFlashKey(), m.dev.Efuses.CryptConfig())
	if err := c.Encrypt(m.stored(encryptBase+0x24)&^(crypt.UnitSize-1), b, b); err != nil {
		panic("esp32: an aligned unit cannot be encrypted")
	}
	e.pending = b
}

// take returns the prepared ciphertext in place of data; without any the data
// goes out as it is.
func (e *encryptBlock) take(data []byte) []byte {
	if e.pending == nil {
		return data
	}
	p := e.pending
	e.pending = nil
	return p[:min(len(p), max(len(data), 0))]
}
