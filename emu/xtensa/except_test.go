package xtensa

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestExceptionsGoToTheVectors(t *testing.T) {
	for _, c := range []struct {
		code  string
		cause Cause
		addr  uint32
	}{
		{"movi a3, 0\nquou a4, a2, a3", CauseDivide, 0}, {"ill", CauseIllegal, 0}, {"syscall", CauseSyscall, 0},
		{"movi a3, 16\nl32i a4, a3, 0", CauseBusAddress, 16}, {"movi a3, 16\ns8i a4, a3, 1", CauseBusAddress, 17},
		{"add.s f1, f2, f3", CauseCoprocessor0, 0}, {"movi a3, -16\njx a3", CauseFetch, 0xFFFFFFF0},
	} {
		b := newBoard(t, c.code)
		b.load(t, codeAt+0x800+VectorUser, "rsr.exccause a2\nrsr.epc1 a3\nrsr.excvaddr a4\nend: j end")
		b.finish(t)
		require.EqualValues(t, c.cause, b.A(2), c.code)
		if c.addr != 0 {
			require.Equal(t, c.addr, b.A(4), c.code)
		}
		require.NotZero(t, b.Special(srPS)&psEXCM)
	}
}

func TestReturnFromExceptionGoesOn(t *testing.T) {
	b := newBoard(t, "movi a2, 1\nsyscall\nmovi a3, 2\nend: j end")
	b.load(t, codeAt+0x800+VectorUser, "rsr.epc1 a5\naddi a5, a5, 3\nwsr.epc1 a5\nrfe")
	b.finish(t)
	require.EqualValues(t, 2, b.A(3))
	require.Zero(t, b.Special(srPS)&psEXCM)
}

func TestClosedRegions(t *testing.T) {
	source := "movi a2, 0\nmovi a3, 15\nwdtlb a3, a2\nl32i a4, a2, 16\nend: j end"
	b := newBoard(t, source)
	b.load(t, codeAt+0x800+VectorUser, "end: j end")
	b.finish(t)
	require.Equal(t, Exception{CauseLoadIllegal, codeAt + 9, 16}, b.Exception())
	// The region of the data, mapped for fast access, closes as well.
	b = newBoard(t, "movi a3, 15\nwdtlb a3, a1\ns32i a3, a1, 0\nend: j end")
	b.load(t, codeAt+0x800+VectorUser, "end: j end")
	b.finish(t)
	require.Equal(t, CauseStoreIllegal, b.Exception().Cause)
}

func TestStops(t *testing.T) {
	b := newBoard(t, "movi a6, 0x40\nslli a6, a6, 24\nmovi a10, 21\ncallx8 a6\nmov.n a2, a10\naddi a6, a6, 4\ncallx8 a6\nnop\nend: j end")
	s := b.Run(1000)
	require.Equal(t, StopHost, s.Kind)
	require.EqualValues(t, 42, b.A(2))
	require.Equal(t, 2, b.calls)
	b = newBoard(t, "movi a8, 0x40\nslli a8, a8, 24\njx a8")
	require.Equal(t, StopNative, b.Run(1000).Kind)
	b = newBoard(t, "waiti 0")
	require.Equal(t, StopWait, b.Run(1000).Kind)
	b = newBoard(t, "break 1, 2")
	require.Equal(t, StopBreak, b.Run(1000).Kind)
	b = newBoard(t, "movi a2, 1\nwsr.cpenable a2\nmov.s f1, f2")
	s = b.Run(1000)
	require.Equal(t, StopAbsent, s.Kind)
	require.Contains(t, s.Text, "mov.s")
	b = newBoard(t, "a: addi a2, a2, 1\nj a")
	s = b.Run(1001)
	require.Equal(t, Stop{Kind: StopLimit, PC: codeAt + 3}, s)
	require.EqualValues(t, 1001, b.Instructions())
}

// Code that is overwritten is decoded anew, by aligned and unaligned stores.
func TestOverwrittenCodeIsDecodedAnew(t *testing.T) {
	b := newBoard(t, `
		movi a4, 0
		movi a5, 2
	again:
		movi a2, 1
		add.n a4, a4, a2
		addi a5, a5, -1
		beqz a5, end
		s8i a7, a6, 0
		j again
		end: j end`)
	b.SetA(6, codeAt+8) // the immediate of "movi a2, 1"
	b.SetA(7, 40)
	b.finish(t)
	require.EqualValues(t, 41, b.A(4))
}

func TestEndlessLoopsAreTold(t *testing.T) {
	for source, want := range map[string]bool{
		"a: nop\nj a": true, "a: movi a2, 5\nb: addi a2, a2, -1\nbnez a2, b\nj a": true,
		"a: addi a2, a2, 1\nj a": false, "a: s32i a2, a1, 0\nj a": false, "a: rsr.ccount a2\nj a": false,
		"movi a6, 0x40\nslli a6, a6, 24\na: callx8 a6\nj a": false,
	} {
		b := newBoard(t, source)
		b.Run(100)
		require.Equal(t, want, b.Spins(), source)
	}
}

func TestMAC16(t *testing.T) {
	b := newBoard(t, `
		movi a2, -3
		movi a3, 5
		mul.aa.ll a2, a3
		mula.aa.ll a2, a3
		muls.aa.ll a3, a3
		rsr.acclo a4
		rsr.acchi a5
		wsr.m0 a2
		wsr.m2 a3
		mula.dd.ll m0, m2
		rsr.acclo a6
		addi a7, a1, -4
		s32i a3, a1, 0
		mula.da.ll.ldinc m1, a7, m0, a3
		rsr.acclo a8
		rsr.m1 a9
		addi a7, a1, 4
		s32i a2, a1, 0
		mula.da.ll.lddec m1, a7, m0, a3
		mov.n a10, a7
		rsr.m1 a11
		end: j end`)
	b.finish(t)
	require.EqualValues(t, -55, int32(b.A(4)))
	require.EqualValues(t, 0xFFFFFFFF, b.A(5))
	require.EqualValues(t, -70, int32(b.A(6)))
	require.EqualValues(t, stackAt, b.A(7))
	require.EqualValues(t, -85, int32(b.A(8)))
	require.EqualValues(t, 5, b.A(9))
	require.EqualValues(t, stackAt, b.A(10))
	require.EqualValues(t, -3, int32(b.A(11)))
}

func TestBooleansAndConditionalStore(t *testing.T) {
	b := newBoard(t, `
		movi a2, 5
		wsr.br a2
		andb b4, b0, b2
		orbc b5, b1, b0
		all4 b6, b0
		any4 b7, b0
		movt a3, a2, b4
		movf a4, a2, b5
		bt b4, yes
		movi a3, 0
	yes:
		rsr.br a5
		movi a6, 7
		s32i a6, a1, 0
		wsr.scompare1 a6
		s32c1i a2, a1, 0
		movi a7, 9
		s32c1i a7, a1, 0
		l32i a8, a1, 0
		end: j end`)
	b.finish(t)
	require.EqualValues(t, 5, b.A(3))
	require.EqualValues(t, 5, b.A(4))
	require.EqualValues(t, 5|1<<4|1<<7, b.A(5))
	require.EqualValues(t, 7, b.A(2), "the old value, and the store took place")
	require.EqualValues(t, 5, b.A(7), "the old value, and no store")
	require.EqualValues(t, 5, b.A(8))
}

func TestCycleCounter(t *testing.T) {
	b := newBoard(t, "rsr.ccount a2\nnop\nrsr.ccount a3\nmovi a4, 100\nwsr.ccount a4\nrsr.ccount a5\nend: j end")
	b.finish(t)
	require.EqualValues(t, 2, b.A(3)-b.A(2))
	require.EqualValues(t, 101, b.A(5))
}

// The accumulator has 40 bits: it grows past 32, and wraps.
func TestAccumulatorHas40Bits(t *testing.T) {
	b := newBoard(t, "movi a2, 0x7FF\nslli a2, a2, 4\naddi a2, a2, 15\nmul.aa.ll a2, a2\nmula.aa.ll a2, a2\nmula.aa.ll a2, a2\nrsr.acclo a4\nrsr.acchi a5\n"+
		"movi a3, 127\nwsr.acchi a3\nmovi a3, -1\nwsr.acclo a3\nmovi a3, 1\nmula.aa.ll a3, a3\nrsr.acchi a6\nend: j end")
	b.finish(t)
	require.EqualValues(t, 0xBFFD0003, b.A(4))
	require.Zero(t, b.A(5))
	require.EqualValues(t, 0xFFFFFF80, b.A(6))
}

// The vector depends on where the exception finds the core: in user code, in the
// kernel's, or in a handler, whose return address is kept (ISA 4.4.1).
func TestVectorFollowsTheMode(t *testing.T) {
	for vector, ps := range map[uint32]uint32{VectorUser: psUM, VectorKernel: 0, VectorDouble: psUM | psEXCM} {
		b := newBoard(t, "ill")
		b.SetSpecial(srPS, ps)
		b.SetSpecial(srEPC1, 0x1234)
		b.load(t, codeAt+0x800+vector, "end: j end")
		b.finish(t)
		require.Equal(t, codeAt+0x800+vector, b.PC)
		double := vector == VectorDouble
		require.Equal(t, double, b.Special(srDEPC) == codeAt)
		require.Equal(t, !double, b.Special(srEPC1) == codeAt)
	}
}

// Vectors begin at a multiple of 1 KiB, whatever is written to VECBASE.
func TestVectorBaseIsAligned(t *testing.T) {
	b := newBoard(t, "nop")
	b.SetSpecial(srVECBASE, 0x400807FF)
	require.EqualValues(t, 0x40080400, b.Special(srVECBASE))
}

// The counter goes on while no instruction is executed.
func TestCycleCounterCountsWaiting(t *testing.T) {
	b := newBoard(t, "rsr.ccount a2\nend: j end")
	b.Skip(1000)
	b.finish(t)
	require.GreaterOrEqual(t, b.A(2), uint32(1000))
}
