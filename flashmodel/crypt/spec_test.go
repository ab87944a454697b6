package crypt_test

import (
	"crypto/aes"
	"slices"
	"testing"

	"github.com/bootsim/bootsim/flashmodel/crypt"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// pattern spells out spec 4.6: for every key bit, from the most significant of
// the first byte on, the address bit that flips it.
func pattern() []int {
	var p []int
	for _, top := range []int{14, 12, 10, 8} {
		for _, from := range []int{23, 23, 23, top} {
			for bit := from; bit >= 5; bit-- {
				p = append(p, bit)
			}
		}
	}
	return p
}

// specKey is the tweaked key of spec 4.6, bit by bit.
func specKey(k [32]byte, c crypt.Config, addr uint32) []byte {
	for i, bit := range pattern() {
		quarter := 0
		for _, end := range []int{67, 132, 195} {
			if i >= end {
				quarter++
			}
		}
		if c>>quarter&1 == 1 && addr>>bit&1 == 1 {
			k[i/8] ^= 0x80 >> (i % 8)
		}
	}
	return k[:]
}

// specCrypt carries out spec 4.6 block by block with the standard library.
func specCrypt(k [32]byte, c crypt.Config, addr uint32, p []byte, encrypt bool) []byte {
	out := slices.Clone(p)
	for i := 0; i < len(p); i += 16 {
		b := out[i : i+16]
		cipher, _ := aes.NewCipher(specKey(k, c, addr+uint32(i)))
		slices.Reverse(b)
		if encrypt {
			cipher.Decrypt(b, b)
		} else {
			cipher.Encrypt(b, b)
		}
		slices.Reverse(b)
	}
	return out
}

// genKey draws the bytes of a key.
func genKey(t *rapid.T) [32]byte {
	return [32]byte(rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(t, "key"))
}

// genAddr draws the address of a block, often close to where address bits
// change or to the end of the tweak.
func genAddr(t *rapid.T) uint32 {
	near := rapid.SampledFrom([]uint32{0, 0x1000, 0x8000, 0x10000, 0x7f0000, 0x1000000, 0xfffffe00}).Draw(t, "near")
	off := rapid.Uint32Range(0, 0x400).Draw(t, "off")
	if rapid.Bool().Draw(t, "anywhere") {
		return rapid.Uint32().Draw(t, "addr") &^ 15
	}
	return (near - 0x200 + off) &^ 15
}

// genBlocks draws up to 160 blocks: more than the kernel takes at a time.
func genBlocks(t *rapid.T) []byte {
	n := rapid.IntRange(0, 160).Draw(t, "blocks")
	seed := rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "block")
	return slices.Repeat(seed, n)
}

func parse(t require.TestingT, b [32]byte) crypt.Key {
	k, err := crypt.ParseKey(b[:])
	require.NoError(t, err)
	return k
}

// The cipher is that of the specification, written down the slow way, for all
// sixteen configurations, both directions and every address.
func TestSpecification(t *testing.T) {
	require.Len(t, pattern(), 256)
	rapid.Check(t, func(t *rapid.T) {
		b, addr, p := genKey(t), genAddr(t), genBlocks(t)
		conf := crypt.Config(rapid.Uint8Range(0, 15).Draw(t, "config"))
		c := crypt.New(parse(t, b), conf)
		got := make([]byte, len(p))
		require.NoError(t, c.Encrypt(addr, got, p))
		require.Equal(t, specCrypt(b, conf, addr, p, true), got)
		require.NoError(t, c.Decrypt(addr, got, p))
		require.Equal(t, specCrypt(b, conf, addr, p, false), got)
	})
}

// Below 16 MB the tool's way of reckoning gives the hardware's keys.
func TestToolEqualsHardwareBelow16M(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		k, p := parse(t, genKey(t)), genBlocks(t)
		conf := crypt.Config(rapid.Uint8Range(0, 15).Draw(t, "config"))
		addr := genAddr(t) & 0xffffff
		p = p[:min(len(p), 0x1000000-int(addr))]
		hardware, tool := make([]byte, len(p)), make([]byte, len(p))
		require.NoError(t, crypt.New(k, conf).Encrypt(addr, hardware, p))
		require.NoError(t, crypt.NewReferenceTool(k, conf).Encrypt(addr, tool, p))
		require.Equal(t, hardware, tool)
	})
}
