package fuzz

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"slices"

	"github.com/bootsim/bootsim/flashmodel/crypt"
)

// raw reads flash as it is: size bytes, or n if size is 0.
func (w *work) raw(at uint32, size, n int) []byte {
	if size == 0 {
		size = n
	}
	b := make([]byte, size)
	w.dev.Flash.Read(at, b)
	return b
}

// plain reads flash as the factory's encryption shows it.
func (w *work) plain(at uint32, n int) []byte {
	b := make([]byte, n)
	crypt.NewView(w.dev.Flash, w.cipher).Read(at, b)
	return b
}

// place overwrites raw bytes; what reaches past the chip is cut off.
func (w *work) place(at uint32, b []byte) error {
	size := w.dev.Flash.Size()
	if at >= size {
		return fmt.Errorf("0x%08x lies past the chip", at)
	}
	return w.dev.Flash.Place(at, b[:min(uint32(len(b)), size-at)])
}

// write overwrites plaintext, in whole blocks where it is encrypted.
func (w *work) write(at uint32, b []byte) error {
	if w.cipher == nil {
		return w.place(at, b)
	}
	start := at &^ (crypt.BlockSize - 1)
	end := (uint64(at) + uint64(len(b)) + crypt.BlockSize - 1) &^ (crypt.BlockSize - 1)
	whole := w.plain(start, int(end-uint64(start)))
	copy(whole[at-start:], b)
	return w.encrypted(w.cipher, start, start, whole)
}

// encrypted places bytes as a cipher has them for an address.
func (w *work) encrypted(c *crypt.Cipher, at, tweak uint32, plain []byte) error {
	if len(plain)%crypt.BlockSize != 0 {
		plain = append(slices.Clone(plain), ones(crypt.BlockSize-len(plain)%crypt.BlockSize)...)
	}
	out := make([]byte, len(plain))
	if err := c.Encrypt(tweak, out, plain); err != nil {
		return err
	}
	return w.place(at, out)
}

// seal encrypts a region otherwise than the device has it.
func (w *work) seal(c *Change) error {
	key, config, at := w.key, w.config, c.At
	plain := w.plain(at, int(c.Size))
	switch c.Field {
	case SealPlain:
		return w.place(at, plain)
	case SealTwice:
		plain = w.raw(at, int(c.Size), 0)
	case SealAddress:
		at = uint32(c.Value) &^ (crypt.BlockSize - 1)
	case SealConfig:
		config = crypt.Config(c.Value & 15)
	case SealKey:
		key = keyFrom(c.Value)
	default:
		return fmt.Errorf("there is no way %q to encrypt", c.Field)
	}
	return w.encrypted(crypt.New(key, config), c.At, at, plain)
}

// keyFrom makes a key that nobody else has.
func keyFrom(n uint64) crypt.Key {
	var b [8]byte
	binary.LittleEndian.PutUint64(b[:], n)
	return crypt.KeyFromBlock(sha256.Sum256(b[:]))
}

// part puts a part of a lot in place.
func (w *work) part(c *Change) error {
	p, ok := w.donors[c.Part]
	if !ok {
		return fmt.Errorf("there is no part %q", c.Part)
	}
	if c.Field == PartRaw {
		return w.place(c.At, p.raw)
	}
	return w.write(c.At, p.plain)
}

func xored(b, with []byte) []byte {
	for i := range min(len(b), len(with)) {
		b[i] ^= with[i]
	}
	return b
}

func ones(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = 0xFF
	}
	return b
}
