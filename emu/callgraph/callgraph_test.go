package callgraph_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/emu/callgraph"
	"github.com/bootsim/bootsim/emu/xtensa"
)

const base = 0x40078000

func assemble(t *testing.T, image []byte, at uint32, source string) {
	t.Helper()
	b, err := xtensa.Assemble(at, source)
	require.NoError(t, err)
	copy(image[at-base:], b)
}

// graph is a program whose entry reaches a function in two ways, one of them
// through a literal, with a branch around what is no code.
func graph(t *testing.T) *callgraph.Graph {
	image := make([]byte, 0x100)
	for i := range image {
		image[i] = 0xFF
	}
	assemble(t, image, base, "entry a1, 64\nbeqz a2, 0x40078010\ncall8 0x40078040\nretw\n")
	assemble(t, image, base+0x10, "call8 0x40078020\nretw\n")
	assemble(t, image, base+0x20, "entry a1, 32\nl32r a8, 0x4007801c\ncallx8 a8\nj 0x40078030\n")
	assemble(t, image, base+0x30, "call8 0x40078020\nretw\n") // recursion
	assemble(t, image, base+0x40, "entry a1, 48\nl32r a8, 0x4007801c\nretw\n")
	copy(image[0x1C:], []byte{0x40, 0x80, 0x07, 0x40})
	return callgraph.From([]callgraph.Section{{Addr: base, Data: image}}, base)
}

func TestCallsAreFollowed(t *testing.T) {
	g := graph(t)
	all := g.Functions()
	require.Len(t, all, 3)
	require.EqualValues(t, []uint32{base + 0x20, base + 0x40}, all[0].Calls, "both sides of the branch")
	require.Equal(t, []uint32{base + 0x20, base + 0x40}, all[1].Calls, "itself, and through the literal")
	require.Equal(t, []uint32{base + 0x40}, all[2].Literals)
	require.EqualValues(t, 48, all[2].Frame)
	require.EqualValues(t, base+0x40, all[2].Code[0].PC)
}

func TestDepthsAreThoseOfEveryChain(t *testing.T) {
	g := graph(t)
	require.Equal(t, []uint32{64 + 48, 64 + 32 + 48}, g.Depths(base, base+0x40))
	require.Equal(t, []uint32{64 + 32}, g.Depths(base, base+0x20))
	require.Empty(t, g.Depths(base+0x40, base))
	require.Empty(t, g.Depths(base+4, base))
}

// Bytes that are no program have no functions, and cost nothing.
func TestNoise(t *testing.T) {
	for _, fill := range []byte{0, 0x36, 0xFF} {
		image := make([]byte, 1<<16)
		for i := range image {
			image[i] = fill + byte(i%3)
		}
		g := callgraph.From([]callgraph.Section{{Addr: base, Data: image}, {Addr: 0xFFFFFFFE, Data: image[:2]}}, base)
		for _, f := range g.Functions() {
			require.Contains(t, []byte{0x36, 0x37, 0x38}, image[f.Start-base], "a function begins with ENTRY")
		}
		require.Empty(t, g.Depths(base, base+8))
	}
	require.Empty(t, callgraph.From(nil, base).Functions())
}

// Functions that all run on into the next ones, and call them, are as many
// instructions as there are pairs of them: they are not all read.
func TestSharedCodeIsBounded(t *testing.T) {
	var source strings.Builder
	const functions = 4000
	for i := range functions {
		fmt.Fprintf(&source, "entry a1, 16\ncall8 0x%08x\nnop.n\n", base+8*(i+1))
	}
	image := make([]byte, 8*functions)
	assemble(t, image, base, source.String())
	g := callgraph.From([]callgraph.Section{{Addr: base, Data: image}}, base)
	all := 0
	for _, f := range g.Functions() {
		all += len(f.Code)
	}
	require.Greater(t, all, 3*functions, "the first of them has all the others' code")
	require.LessOrEqual(t, all, 1<<17)
	require.LessOrEqual(t, len(g.Depths(base, base+8*10)), 64)
}
