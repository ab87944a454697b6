//go:build !purego && (amd64 || arm64)

#include "textflag.h"

// AES instructions shift the rows of what it substitutes. The permutations straight
// and rotate undo that beforehand, so that what comes of it is SubWord of each
// word, or SubWord of RotWord. The permutation backwards reverses a block.

#define FOUR(name, lo, hi) \
	DATA name+0(SB)/8, lo;  \
	DATA name+8(SB)/8, hi;  \
	DATA name+16(SB)/8, lo; \
	DATA name+24(SB)/8, hi; \
	DATA name+32(SB)/8, lo; \
	DATA name+40(SB)/8, hi; \
	DATA name+48(SB)/8, lo; \
	DATA name+56(SB)/8, hi; \
	GLOBL name(SB), RODATA|NOPTR, $64

FOUR(·straight, $0x0b0e0104070a0d00, $0x0306090c0f020508)
FOUR(·rotate, $0x080f0205040b0e01, $0x00070a0d0c030609)
FOUR(·backwards, $0x08090a0b0c0d0e0f, $0x0001020304050607)

// The round constants (FIPS 197, 5.2).
DATA ·rcon+0(SB)/4, $1
DATA ·rcon+4(SB)/4, $2
DATA ·rcon+8(SB)/4, $4
DATA ·rcon+12(SB)/4, $8
DATA ·rcon+16(SB)/4, $16
DATA ·rcon+20(SB)/4, $32
DATA ·rcon+24(SB)/4, $64
GLOBL ·rcon(SB), RODATA|NOPTR, $28
