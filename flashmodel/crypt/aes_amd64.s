//go:build !purego

#include "textflag.h"

#define WIDTH 16
#define V0 X0
#define V1 X1
#define V2 X2
#define V3 X3
#define V4 X4
#define V5 X5
#define V6 X6
#define V7 X7
#define V8 X8
#define V9 X9
#define V10 X10
#define V11 X11
#define V12 X12
#define V13 X13
#define V14 X14
#define V15 X15

#define IMC(from, to) VAESIMC from, to

#include "lanes_amd64.h"

// The data of a unit stand in two registers as in memory, but backwards.
#define LOAD \
	VMOVDQU 0(SI), V0; VPSHUFB ·backwards(SB), V0, V0; \
	VMOVDQU 16(SI), V1; VPSHUFB ·backwards(SB), V1, V1; \
	VMOVDQU 32(SI), V2; VPSHUFB ·backwards(SB), V2, V2; \
	VMOVDQU 48(SI), V3; VPSHUFB ·backwards(SB), V3, V3; \
	VMOVDQU 64(SI), V4; VPSHUFB ·backwards(SB), V4, V4; \
	VMOVDQU 80(SI), V5; VPSHUFB ·backwards(SB), V5, V5; \
	VMOVDQU 96(SI), V6; VPSHUFB ·backwards(SB), V6, V6; \
	VMOVDQU 112(SI), V7; VPSHUFB ·backwards(SB), V7, V7

#define STORE \
	VPSHUFB ·backwards(SB), V0, V0; VMOVDQU V0, 0(DI); \
	VPSHUFB ·backwards(SB), V1, V1; VMOVDQU V1, 16(DI); \
	VPSHUFB ·backwards(SB), V2, V2; VMOVDQU V2, 32(DI); \
	VPSHUFB ·backwards(SB), V3, V3; VMOVDQU V3, 48(DI); \
	VPSHUFB ·backwards(SB), V4, V4; VMOVDQU V4, 64(DI); \
	VPSHUFB ·backwards(SB), V5, V5; VMOVDQU V5, 80(DI); \
	VPSHUFB ·backwards(SB), V6, V6; VMOVDQU V6, 96(DI); \
	VPSHUFB ·backwards(SB), V7, V7; VMOVDQU V7, 112(DI)

// func decryptAES(dst, src *byte, bases *words, pattern *[8][4]uint32, n int)
TEXT ·decryptAES(SB), 0, $192-40
	ARGUMENTS

group:
	LOAD
	DECRYPT
	STORE
	ADDQ $(8*WIDTH), SI
	ADDQ $(8*WIDTH), DI
	ADDQ $32, R9
	DECQ CX
	JNZ  group
	VZEROUPPER
	RET

// func encryptAES(dst, src *byte, bases *words, pattern *[8][4]uint32, n int)
TEXT ·encryptAES(SB), 0, $1152-40
	ARGUMENTS
	VPXOR V15, V15, V15

group:
	INVERSEKEYS
	LOAD
	ENCRYPT
	STORE
	ADDQ $(8*WIDTH), SI
	ADDQ $(8*WIDTH), DI
	ADDQ $32, R9
	DECQ CX
	JNZ  group
	VZEROUPPER
	RET
