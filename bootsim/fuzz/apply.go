package fuzz

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"slices"

	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/efuse"
	"github.com/bootsim/bootsim/flashmodel/crypt"
	"github.com/bootsim/bootsim/flashmodel/secureboot"
)

// maxChange bounds the bytes of one change.
const maxChange = 4 << 20

// ChangeError tells that a change makes no sense: it was written by hand, or
// for another lot.
type ChangeError struct {
	Index  int
	Reason string
}

// Error names the change.
func (e *ChangeError) Error() string {
	return fmt.Sprintf("change %d: %s: is it from these images?", e.Index, e.Reason)
}

// Apply does a mutation to a fork of the subject's device.
func (s *Subject) Apply(m Mutation) (*emu.Device, error) {
	w := &work{Subject: s, dev: s.Device.Fork()}
	for i := range m.Changes {
		if err := w.change(&m.Changes[i]); err != nil {
			return nil, &ChangeError{Index: i, Reason: err.Error()}
		}
	}
	return w.dev, nil
}

// work is a device while it is mutated.
type work struct {
	*Subject
	dev *emu.Device
}

func (w *work) change(c *Change) error {
	if c.Size > maxChange || len(c.Data) > maxChange {
		return fmt.Errorf("%d bytes are more than 4 MiB", max(int(c.Size), len(c.Data)))
	}
	var err error
	switch c.Kind {
	case KindPlain:
		err = w.write(c.At, c.Data)
	case KindFlip:
		err = w.write(c.At, xored(w.plain(c.At, len(c.Data)), c.Data))
	case KindCipher:
		err = w.place(c.At, xored(w.raw(c.At, int(c.Size), len(c.Data)), c.Data))
	case KindErase:
		err = w.place(c.At, ones(int(c.Size)))
	case KindMove:
		err = w.place(c.At, w.raw(c.From, int(c.Size), 0))
	case KindShift:
		err = w.write(c.At, w.plain(c.From, int(c.Size)))
	case KindSeal:
		err = w.seal(c)
	case KindPart:
		err = w.part(c)
	case KindEfuse, KindKey, KindBootKey:
		err = w.fuse(c)
	case KindSign:
		err = w.sign(c)
	case KindChip:
		err = w.chip(c)
	default:
		err = fmt.Errorf("there is no kind %q", c.Kind)
	}
	if err != nil {
		return err
	}
	return w.repair(c)
}

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

// fuse changes cells as no burn could: what is mutated is what a chip of another
// past would hold.
func (w *work) fuse(c *Change) error {
	var cells [efuse.BlockCount][]byte
	for i := range cells {
		cells[i] = w.dev.Efuses.Cells(i)
	}
	if err := change(cells[:], c); err != nil {
		return err
	}
	set := efuse.New()
	for i := len(cells) - 1; i >= 0; i-- { // BLOCK0, which protects the others, comes last
		words := make([]uint32, len(cells[i])/4)
		for j := range words {
			words[j] = binary.LittleEndian.Uint32(cells[i][4*j:])
		}
		if err := set.Burn(i, words); err != nil {
			return err
		}
	}
	w.dev.Efuses = set
	return nil
}

func change(cells [][]byte, c *Change) error {
	switch c.Kind {
	case KindKey:
		return changeKey(cells[1], c)
	case KindBootKey:
		return changeKey(cells[2], c)
	}
	f, err := efuse.Lookup(c.Field)
	if err != nil {
		return err
	}
	if f.Derived || f.Len > 64 || f.Bit+f.Len > 8*len(cells[f.Block]) {
		return fmt.Errorf("%s is no plain number", c.Field)
	}
	for i := range f.Len {
		at, bit := (f.Bit+i)/8, byte(1)<<((f.Bit+i)%8)
		cells[f.Block][at] &^= bit
		if c.Value>>i&1 == 1 {
			cells[f.Block][at] |= bit
		}
	}
	return nil
}

func changeKey(block []byte, c *Change) error {
	switch c.Field {
	case KeyZero:
		clear(block)
	case KeyReverse:
		slices.Reverse(block)
	case KeyFlip:
		block[c.Value/8%32] ^= 1 << (c.Value % 8)
	case KeyOther:
		raw := keyFrom(c.Value).Block()
		copy(block, raw[:])
	case KeyStranger:
		public, err := secureboot.NewV2Key(&strangerRSA().PublicKey)
		if err != nil {
			return err
		}
		digest := public.Digest()
		copy(block, digest[:])
	default:
		return fmt.Errorf("there is no way %q to change a key", c.Field)
	}
	return nil
}

func (w *work) chip(c *Change) error {
	switch c.Field {
	case ChipROM:
		w.dev.ROM = emu.ROM2016
		if c.Value == 2019 {
			w.dev.ROM = emu.ROM2019
		}
	case ChipAPB:
		w.dev.APBRevision = c.Value != 0
	case ChipStrap:
		w.dev.Strap = uint8(c.Value)
	case ChipCause:
		w.dev.Cause = emu.ResetReason(c.Value)
	case ChipTest:
		w.dev.TestAppHeld = c.Value != 0
	case ChipReset:
		w.dev.FactoryResetHeld = c.Value != 0
	default:
		return fmt.Errorf("a chip has no %q", c.Field)
	}
	return nil
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
