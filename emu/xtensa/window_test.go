package xtensa

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

// sum adds the numbers 1 to n by recursion, with calls of one size.
func sum(call int) string {
	return fmt.Sprintf(`
		entry a1, 64
		mov.n a%[2]d, a2
		call%[1]d sum
		mov.n a2, a%[2]d
		end: j end
		.align 4
	sum:
		entry a1, 64
		beqz a2, zero
		mov.n a3, a2
		addi a%[2]d, a2, -1
		call%[1]d sum
		add.n a2, a3, a%[2]d
	zero:
		retw.n`, call, call+2)
}

// Recursion deeper than the register file spills and fills; every frame keeps
// its registers.
func TestDeepRecursion(t *testing.T) {
	for _, call := range []int{4, 8, 12} {
		for _, n := range []uint32{0, 1, 3, 15, 16, 17, 100} {
			b := newBoard(t, sum(call))
			b.bottom(t)
			b.SetA(2, n)
			b.finish(t)
			require.Equal(t, n*(n+1)/2, b.A(2), "call%d, %d deep", call, n)
			require.EqualValues(t, stackAt-64, b.A(1))
			require.NotZero(t, b.ws&(1<<b.wb), "the running frame is live")
		}
	}
}

// bottom gives the frame below the first a caller, as start-up code does.
func (b *board) bottom(tb testing.TB) {
	require.Equal(tb, NoCause, b.Write(stackAt-64-12, 4, stackAt+64))
}

// A spilled frame lies where the windowed ABI's handlers put it: a0 to a3 below
// the stack pointer of the callee, a4 to a7 below that of the caller's caller.
func TestSpilledFramesLieWhereHandlersPutThem(t *testing.T) {
	b := newBoard(t, `
		entry a1, 64
		movi a4, 44
		movi a5, 55
		movi a6, 66
		movi a7, 77
		movi a3, 33
		movi a2, 22
		call8 second
		end: j end
		.align 4
	second:
		entry a1, 48
		movi a2, 9
		mov.n a10, a2
		call8 deep
		retw.n
		.align 4
	deep:
		entry a1, 32
		beqz a2, bottom
		addi a10, a2, -1
		call8 deep
	bottom:
		retw.n`)
	b.bottom(t)
	b.finish(t)
	at := func(addr uint32) uint32 {
		v, cause := b.Read(addr, 4)
		require.Equal(t, NoCause, cause)
		return v
	}
	first, second := uint32(stackAt-64), uint32(stackAt-64-48)
	require.EqualValues(t, first, at(second-12), "a1 of the first frame, below the second's")
	require.EqualValues(t, 22, at(second-8))
	require.EqualValues(t, 33, at(second-4))
	caller := at(first - 12)
	for i, want := range []uint32{44, 55, 66, 77} {
		require.Equal(t, want, at(caller-32+4*uint32(i)), "a%d", 4+i)
	}
	require.EqualValues(t, 22, b.A(2), "and they come back")
	require.EqualValues(t, 77, b.A(7))
}

// MOVSP moves the save area of a caller that lies in memory.
func TestMovspTakesTheSaveAreaAlong(t *testing.T) {
	b := newBoard(t, "movi a3, 0\nmovsp a1, a2\nend: j end")
	b.SetSpecial(srWINDOWSTART, 1) // nobody before is live
	for i := uint32(4); i <= 16; i += 4 {
		require.Equal(t, NoCause, b.Write(stackAt-i, 4, 0x1000+i))
	}
	b.SetA(2, stackAt-256)
	b.finish(t)
	for i := uint32(4); i <= 16; i += 4 {
		v, _ := b.Read(stackAt-256-i, 4)
		require.Equal(t, 0x1000+i, v)
	}
}

func TestBadReturnsAreIllegal(t *testing.T) {
	b := newBoard(t, "movi a0, 0\nretw")
	b.Run(2)
	require.Equal(t, CauseIllegal, b.Exception().Cause)
	require.EqualValues(t, codeAt+3, b.Exception().PC)
}

// A save area in a hole is an exception of the access, not a crash of ours.
func TestSpillIntoAHole(t *testing.T) {
	b := newBoard(t, sum(8))
	b.load(t, codeAt+0x800+VectorUser, "end: j end")
	b.SetA(1, 0x3E000000)
	b.SetA(2, 30)
	b.Run(2000)
	require.Equal(t, CauseBusAddress, b.Exception().Cause)
}

// The registers are a ring: what is written past the last one is found in the
// first when the window comes to it.
func TestWindowWrapsAround(t *testing.T) {
	b := newBoard(t, "movi a2, 13\nwsr.windowbase a2\nmovi a12, 7\nmovi a2, 0\nwsr.windowbase a2\nend: j end")
	b.SetSpecial(srPS, psUM) // without checks for overflow
	b.finish(t)
	require.EqualValues(t, 7, b.A(0))
}
