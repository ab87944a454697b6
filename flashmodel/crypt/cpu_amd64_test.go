//go:build !purego

package crypt

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// Every path needs all of its instructions, and the system's leave to use the
// registers.
func TestFeatures(t *testing.T) {
	all := features{leaf1: ^uint32(0), leaf7b: ^uint32(0), leaf7c: ^uint32(0), xcr0: ^uint32(0)}
	require.Equal(t, []path{pathPlain, pathAES, pathVAES, pathAVX512}, all.paths())
	require.Equal(t, []path{pathPlain}, features{}.paths())
	lacks := func(from func(f *features) *uint32, bit uint32, want path) {
		f := all
		*from(&f) &^= bit
		ps := f.paths()
		require.Equal(t, want, ps[len(ps)-1], "without bit 0x%x", bit)
	}
	leaf1, xcr0 := func(f *features) *uint32 { return &f.leaf1 }, func(f *features) *uint32 { return &f.xcr0 }
	leaf7b, leaf7c := func(f *features) *uint32 { return &f.leaf7b }, func(f *features) *uint32 { return &f.leaf7c }
	for _, bit := range []uint32{1 << 9, 1 << 25, 1 << 27, 1 << 28} {
		lacks(leaf1, bit, pathPlain)
	}
	lacks(xcr0, 1<<1, pathPlain)
	lacks(xcr0, 1<<2, pathPlain)
	lacks(leaf7c, 1<<9, pathAES)
	lacks(leaf7b, 1<<5, pathAES)
	for _, bit := range []uint32{1 << 16, 1 << 30} {
		lacks(leaf7b, bit, pathVAES)
	}
	for _, bit := range []uint32{1 << 5, 1 << 6, 1 << 7} {
		lacks(xcr0, bit, pathVAES)
	}
}
