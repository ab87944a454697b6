package xtensa

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// drawWord draws a word that is an instruction more often than not.
func drawWord(t *rapid.T) uint32 {
	free := rapid.Uint32().Draw(t, "bits")
	if rapid.Bool().Draw(t, "any") {
		return free
	}
	s := &specs[rapid.IntRange(1, int(opIllegal)-1).Draw(t, "op")]
	return s.match | free&^s.mask
}

// cut leaves the bytes that belong to an instruction.
func cut(w uint32, in Insn) uint32 { return w & (1<<(8*in.Len) - 1) }

func TestEncodeIsTheOppositeOfDecode(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawWord(t)
		in := Decode(w)
		if !in.Legal() {
			_, ok := Encode(in)
			require.False(t, ok)
			return
		}
		back, ok := Encode(in)
		require.True(t, ok)
		require.Equal(t, cut(w, in), back, in.Text(0x40080000))
		require.Equal(t, in, Decode(back|0xFF<<(8*in.Len)), "bytes behind an instruction do not matter")
	})
}

// What the disassembler writes, the assembler takes.
func TestAssembleIsTheOppositeOfText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawWord(t)
		pc := rapid.Uint32Range(0x10000000, 0x10001000).Draw(t, "pc")
		in := Decode(w)
		if !in.Legal() {
			return
		}
		text := in.Text(pc)
		b, err := Assemble(pc, text)
		require.NoError(t, err, text)
		require.Len(t, b, int(in.Len), text)
		var back uint32
		for i, c := range b {
			back |= uint32(c) << (8 * i)
		}
		require.Equal(t, cut(w, in), back, text)
	})
}

// No word is two instructions, and every opcode agrees with its own mask.
func TestEncodingsDoNotOverlap(t *testing.T) {
	for a := Op(1); a < opIllegal; a++ {
		x := &specs[a]
		require.NotEmpty(t, x.name, "operation %d has no encoding", a)
		require.Zero(t, x.match&^x.mask, x.name)
		for b := a + 1; b < opIllegal; b++ {
			y := &specs[b]
			require.NotEqual(t, x.name, y.name)
			apart := (x.match^y.match)&x.mask&y.mask != 0
			require.True(t, apart, "%s and %s", x.name, y.name)
		}
	}
}

// Operands and fixed bits together are the whole word.
func TestOperandsFillTheirFormats(t *testing.T) {
	for op := Op(1); op < opIllegal; op++ {
		s := &specs[op]
		all := s.mask
		for bit := range uint(8 * Length(byte(s.match))) {
			w := s.match | 1<<bit&^s.mask
			back, ok := Encode(Decode(w))
			if ok && back == w {
				all |= 1 << bit
			}
		}
		require.Equal(t, uint32(1<<(8*Length(byte(s.match)))-1), all, s.name)
	}
}

func TestAssemblerNamesBadLines(t *testing.T) {
	for source, want := range map[string]string{
		"nop\nfoo a1": "line 2: no instruction foo", "add a1, a2": "line 1: add: too few operands",
		"add a1, a2, a3, a4": "line 1: add: too many", "addi a1, a2, 200": "line 1: addi: operand out of range",
		"mov.n a16, a1": "want a register", ".foo 1": "no directive", "j nowhere": "no label",
	} {
		_, err := Assemble(0, source)
		require.ErrorContains(t, err, want, source)
	}
}

// Encodings of windowed and other code that no assembler at hand knows, from
// bootloaders' bytes.
func TestKnownEncodings(t *testing.T) {
	for w, text := range map[uint32]string{
		0x004136: "entry\ta1, 32", 0xF01D: "retw.n", 0x0008E0: "callx8\ta8", 0x03EA20: "rsr.ccount\ta2",
		0x50E340: "wdtlb\ta4, a3",
	} {
		require.Contains(t, Decode(w).Text(0), text, "0x%06x", w)
	}
}
