package fuzz

import (
	"encoding/binary"
	"fmt"
	"slices"

	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/efuse"
	"github.com/bootsim/bootsim/flashmodel/secureboot"
)

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

// change changes a field, or a key.
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
