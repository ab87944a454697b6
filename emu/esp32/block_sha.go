package esp32

import (
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding"
	"encoding/binary"
	"hash"
)

const (
	shaBase  = 0x3FF03000
	shaWords = 32 // of SHA_TEXT
)

// hashEngine is the SHA accelerator. Message words and states are numbers, most
// significant byte first in the message.
type hashEngine struct {
	running [4]hash.Hash
}

// shaVariants are the four algorithms in the order of their registers.
var shaVariants = [4]struct {
	name         string
	block, state int // words of the message block and of the state
	make         func() hash.Hash
}{
	{"SHA1", 16, 5, sha1.New}, {"SHA256", 16, 8, sha256.New}, {"SHA384", 32, 16, sha512.New384}, {"SHA512", 32, 16, sha512.New},
}

func shaBlock() block {
	b := block{"SHA", shaBase, "ESP32 TRM chapter SHA Accelerator; spec exec 4.2", []register{
		{name: "SHA_TEXT", off: 0, count: shaWords},
	}}
	for i, v := range shaVariants {
		off := 0x80 + 16*uint32(i)
		b.registers = append(b.registers,
			register{name: v.name + "_START", off: off, write: func(m *Machine, _, _ uint32) { m.hashes.block(m, i, true) }},
			register{name: v.name + "_CONTINUE", off: off + 4, write: func(m *Machine, _, _ uint32) { m.hashes.block(m, i, false) }},
			register{name: v.name + "_LOAD", off: off + 8, write: func(m *Machine, _, _ uint32) { m.hashes.load(m, i) }},
			register{name: v.name + "_BUSY", off: off + 12, read: always(0), write: ignore},
		)
	}
	return b
}

// block compresses the message block in SHA_TEXT, onto the initial state or
// onto the one before.
func (e *hashEngine) block(m *Machine, variant int, first bool) {
	v := &shaVariants[variant]
	if e.running[variant] == nil {
		e.running[variant] = v.make()
	}
	h := e.running[variant]
	if first {
		h.Reset()
	}
	var text [4 * shaWords]byte
	for i := range v.block {
		binary.BigEndian.PutUint32(text[4*i:], m.stored(shaBase+4*uint32(i)))
	}
	_, _ = h.Write(text[:4*v.block])
}

// load puts the state into SHA_TEXT.
func (e *hashEngine) load(m *Machine, variant int) {
	v := &shaVariants[variant]
	h := e.running[variant]
	if h == nil {
		h = v.make()
	}
	// The standard library's saved state is a name of four bytes and then the
	// state, most significant byte first.
	raw, err := h.(encoding.BinaryMarshaler).MarshalBinary()
	if err != nil || len(raw) < 4+4*v.state {
		panic("esp32: the hash does not show its state")
	}
	for i := range v.state {
		m.keep(shaBase+4*uint32(i), binary.BigEndian.Uint32(raw[4+4*i:]))
	}
}
