package esp32

import (
	"crypto/aes"
	"encoding/binary"
)

const aesBase = 0x3FF01000

// aesBlock is the AES accelerator in its default byte order: words are
// little-endian pieces of key and text.
func aesBlock() block {
	return block{"AES", aesBase, "ESP32 TRM chapter AES Accelerator", []register{
		{name: "AES_START", off: 0x00, write: aesStart},
		{name: "AES_IDLE", off: 0x04, read: always(1), write: ignore},
		{name: "AES_MODE", off: 0x08},
		{name: "AES_KEY", off: 0x10, count: 8}, {name: "AES_TEXT", off: 0x30, count: 4},
		{name: "AES_ENDIAN", off: 0x40, reset: aesDefaultOrder},
	}}
}

const aesDefaultOrder = 0x3F

func aesStart(m *Machine, _, _ uint32) {
	mode := m.stored(aesBase + 8)
	if m.stored(aesBase+0x40)&0x3F != aesDefaultOrder || mode&3 == 3 {
		m.unmodelled("AES with byte order 0x%x and mode %d", m.stored(aesBase+0x40), mode)
		return
	}
	var key [32]byte
	var text [16]byte
	for i := range 8 {
		binary.LittleEndian.PutUint32(key[4*i:], m.stored(aesBase+0x10+4*uint32(i)))
	}
	for i := range 4 {
		binary.LittleEndian.PutUint32(text[4*i:], m.stored(aesBase+0x30+4*uint32(i)))
	}
	c, err := aes.NewCipher(key[:16+8*(mode&3)])
	if err != nil {
		panic("esp32: no AES key has this size") // 16, 24 and 32 are all there are
	}
	if mode&4 == 0 {
		c.Encrypt(text[:], text[:])
	} else {
		c.Decrypt(text[:], text[:])
	}
	for i := range 4 {
		m.keep(aesBase+0x30+4*uint32(i), binary.LittleEndian.Uint32(text[4*i:]))
	}
}
