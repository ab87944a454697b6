package xtensa

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

const (
	codeAt  = 0x40080000
	dataAt  = 0x3FFB0000
	stackAt = 0x3FFB3000
	nativeA = 0x40000000
)

// board is a machine of plain memory, with one function at nativeA that doubles
// its argument.
type board struct {
	*CPU
	pages map[uint32]*Page
	calls int
}

func newBoard(tb testing.TB, source string) *board {
	tb.Helper()
	b := &board{pages: map[uint32]*Page{}}
	b.CPU = New(b)
	b.Base, b.NativeStart, b.NativeSize = 0x3F400000, nativeA, 0x10000
	for at := uint32(dataAt); at < stackAt+PageSize; at += PageSize {
		b.pages[at] = new(Page)
		b.Map(at, b.pages[at], true)
	}
	b.load(tb, codeAt, source)
	b.SetSpecial(srVECBASE, codeAt+0x800)
	b.SetSpecial(srPS, psWOE|psUM)
	b.PC = codeAt
	b.SetA(1, stackAt)
	return b
}

func (b *board) load(tb testing.TB, at uint32, source string) {
	tb.Helper()
	code, err := Assemble(at, source)
	require.NoError(tb, err)
	for i, c := range code {
		p := b.pages[(at+uint32(i))&^(PageSize-1)]
		if p == nil {
			p = new(Page)
			b.pages[(at+uint32(i))&^(PageSize-1)] = p
			b.Map((at+uint32(i))&^(PageSize-1), p, true)
		}
		w := &p[(at+uint32(i))%PageSize/4]
		*w = Merge(*w, at+uint32(i), 1, uint32(c))
	}
}

func (b *board) Load(addr, size uint32) (uint32, Cause) {
	p := b.pages[addr&^(PageSize-1)]
	if p == nil {
		return 0, CauseBusAddress
	}
	return p[addr%PageSize/4] >> (addr & 3 * 8) & uint32(1<<(8*uint64(size))-1), NoCause
}

func (b *board) Store(addr, size, v uint32) Cause {
	p := b.pages[addr&^(PageSize-1)]
	if p == nil {
		return CauseBusAddress
	}
	p[addr%PageSize/4] = Merge(p[addr%PageSize/4], addr, size, v)
	return NoCause
}

func (b *board) Fetch(addr uint32) (uint32, bool, Cause) {
	p := b.pages[addr&^(PageSize-1)]
	if p == nil {
		return 0, false, CauseFetch
	}
	return p[addr%PageSize/4], true, NoCause
}

func (b *board) Call(c *CPU, target, _ uint32, first int) {
	b.calls++
	c.SetA(first, 2*c.A(first))
	if target == nativeA+4 {
		c.Halt("asked to")
	}
}

func (b *board) External(uint32) uint32 { return 0 }

// finish runs to a jump to itself.
func (b *board) finish(tb testing.TB) {
	tb.Helper()
	s := b.Run(1 << 20)
	require.Equal(tb, StopSpin, s.Kind, "stopped at 0x%08x: %+v, exception %+v", s.PC, s, b.Exception())
}

// twice runs code on registers a2 and a3 and returns a4 and a5.
func twice(tb testing.TB, code string, a2, a3 uint32) (a4, a5 uint32) {
	tb.Helper()
	b := newBoard(tb, code+"\nend: j end")
	b.SetA(2, a2)
	b.SetA(3, a3)
	b.finish(tb)
	return b.A(4), b.A(5)
}

func TestDivisionAndMultiplicationBelongTogether(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		a, b := rapid.Uint32().Draw(rt, "a"), rapid.Uint32Min(1).Draw(rt, "b")
		q, r := twice(t, "quou a4, a2, a3\nremu a5, a2, a3", a, b)
		require.Equal(rt, a, q*b+r)
		require.Less(rt, r, b)
		q, r = twice(t, "quos a4, a2, a3\nrems a5, a2, a3", a, b)
		require.Equal(rt, a, q*b+r)
		if int32(r) != 0 {
			require.Equal(rt, int32(a) < 0, int32(r) < 0, "a remainder has the dividend's sign")
		}
		low, high := twice(t, "mull a4, a2, a3\nmuluh a5, a2, a3", a, b)
		require.Equal(rt, uint64(a)*uint64(b), uint64(high)<<32|uint64(low))
		_, high = twice(t, "mulsh a5, a2, a3", a, b)
		require.Equal(rt, int64(int32(a))*int64(int32(b))>>32, int64(int32(high)))
	})
}

// Shifting left by n and back is masking, for all of SAR's range.
func TestShiftsUndoEachOther(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		v, n := rapid.Uint32().Draw(rt, "v"), rapid.Uint32Range(0, 31).Draw(rt, "n")
		left, back := twice(t, "ssl a3\nsll a4, a2\nssr a3\nsrl a5, a4", v, n)
		require.Equal(rt, v<<n, left)
		require.Equal(rt, v<<n>>n, back)
		rotated, sign := twice(t, "ssr a3\nsrc a4, a2, a2\nsra a5, a2", v, n)
		require.Equal(rt, v>>n|v<<(32-n), rotated)
		require.Equal(rt, int32(v)>>n, int32(sign))
		moved, _ := twice(t, "ssa8l a3\nsrc a4, a2, a2", v, n)
		require.Equal(rt, v>>(8*(n&3))|v<<(32-8*(n&3)), moved)
		moved, _ = twice(t, "ssa8b a3\nsrc a4, a2, a2", v, n) // SAR reaches 32
		require.Equal(rt, uint32((uint64(v)<<32|uint64(v))>>(32-8*(n&3))), moved)
	})
}

func TestEdgeCases(t *testing.T) {
	for _, c := range []struct {
		code     string
		a2, a3   uint32
		want, w5 uint32
	}{
		{"quos a4, a2, a3\nrems a5, a2, a3", 0x80000000, 0xFFFFFFFF, 0x80000000, 0},
		{"nsau a4, a2\nnsau a5, a3", 0, 1, 32, 31},
		{"nsa a4, a2\nnsa a5, a3", 0, 0xFFFFFFFF, 31, 31},
		{"nsa a4, a2\nnsa a5, a3", 1, 0x80000000, 30, 0},
		{"clamps a4, a2, 7\nclamps a5, a3, 7", 200, 0xFFFFFF00, 127, 0xFFFFFF80},
		{"sext a4, a2, 7\nsext a5, a3, 15", 0x80, 0x7FFF, 0xFFFFFF80, 0x7FFF},
		{"ssl a3\nsll a4, a2\nsrl a5, a2", 0x12345678, 0, 0x12345678, 0},
		{"extui a4, a2, 28, 16\nextui a5, a2, 4, 8", 0xABCD1234, 0, 0xA, 0x23},
		{"addi.n a4, a2, -1\naddmi a5, a2, 0x100", 0, 0, 0xFFFFFFFF, 0x100},
		{"movi.n a4, -32\nmovi a5, -2048", 0, 0, 0xFFFFFFE0, 0xFFFFF800},
		{"min a4, a2, a3\nminu a5, a2, a3", 0xFFFFFFFF, 1, 0xFFFFFFFF, 1},
		{"max a4, a2, a3\nmaxu a5, a2, a3", 0xFFFFFFFF, 1, 1, 0xFFFFFFFF},
		{"abs a4, a2\nneg a5, a3", 0x80000000, 5, 0x80000000, 0xFFFFFFFB},
		{"slli a4, a2, 31\nsrai a5, a3, 31", 3, 0x80000000, 0x80000000, 0xFFFFFFFF},
		{"mul16u a4, a2, a3\nmul16s a5, a2, a3", 0x1FFFF, 0x20002, 0x1FFFE, 0xFFFFFFFE},
		{"mul16u a4, a2, a3\nmul16s a5, a2, a3", 2, 0xFFFF, 0x1FFFE, 0xFFFFFFFE},
		{"moveqz a4, a2, a3\nmovnez a5, a2, a3", 7, 0, 7, 0},
		{"movgez a4, a2, a3\nmovltz a5, a2, a3", 7, 0, 7, 0},
		{"movi a6, 0xC0\nwsr.interrupt a6\nmovi a6, 0x40\nwsr.intclear a6\nrsr.interrupt a4\nmovi a5, 0", 0, 0, 0x80, 0},
		{"l32i a4, a1, -0\nmov.n a5, a1", 0, 0, 0, stackAt},
	} {
		a4, a5 := twice(t, c.code, c.a2, c.a3)
		require.Equal(t, c.want, a4, c.code)
		require.Equal(t, c.w5, a5, c.code)
	}
}

func TestMemoryIsLittleEndianAtEveryAlignment(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		b := newBoard(t, `s32i a3, a2, 0
			l8ui a4, a2, 1
			l16ui a5, a2, 0
			l16si a6, a2, 2
			l32i a7, a2, 0
			s8i a4, a2, 4
			s16i a3, a2, 6
			end: j end`)
		at, v := dataAt+rapid.Uint32Range(0, 2*PageSize-8).Draw(rt, "at"), rapid.Uint32().Draw(rt, "v")
		b.SetA(2, at)
		b.SetA(3, v)
		b.finish(t)
		require.Equal(rt, v>>8&0xFF, b.A(4))
		require.Equal(rt, v&0xFFFF, b.A(5))
		require.Equal(rt, uint32(int32(v)>>16), b.A(6))
		require.Equal(rt, v, b.A(7))
		x, _ := b.Read(at+4, 1)
		y, _ := b.Read(at+6, 2)
		require.Equal(rt, v>>8&0xFF, x)
		require.Equal(rt, v&0xFFFF, y)
	})
}

func TestLoops(t *testing.T) {
	for _, c := range []struct {
		insn        string
		count, want uint32
	}{{"loop", 5, 5}, {"loopnez", 3, 3}, {"loopnez", 0, 0}, {"loopgtz", 0xFFFFFFFF, 0}, {"loopgtz", 1, 1}} {
		b := newBoard(t, "movi a4, 0\n"+c.insn+" a2, out\naddi.n a4, a4, 1\nnop\nout: nop.n\nend: j end")
		b.SetA(2, c.count)
		b.finish(t)
		require.Equal(t, c.want, b.A(4), "%s %d", c.insn, int32(c.count))
	}
	// A taken branch to the loop's end leaves it with its count.
	b := newBoard(t, "movi a4, 0\nmovi a2, 9\nloop a2, out\naddi.n a4, a4, 1\nbeqi a4, 4, out\nnop\nout: nop.n\nend: j end")
	b.finish(t)
	require.EqualValues(t, 4, b.A(4))
	require.EqualValues(t, 5, b.Special(srLCOUNT))
}
