//go:build !purego

#include "textflag.h"

#define WIDTH 32
#define V0 Y0
#define V1 Y1
#define V2 Y2
#define V3 Y3
#define V4 Y4
#define V5 Y5
#define V6 Y6
#define V7 Y7
#define V8 Y8
#define V9 Y9
#define V10 Y10
#define V11 Y11
#define V12 Y12
#define V13 Y13
#define V14 Y14
#define V15 Y15

// IMC is InvMixColumns: decryption undoes all else that encryption does. V15 is
// zero.
#define IMC(from, to) \
	VAESENCLAST V15, from, to; \
	VAESDEC     V15, to, to

#include "lanes_amd64.h"

// A register has a block of the n-th unit and that of the n-th unit from the
// fifth on, backwards.
#define PICK(at, x, y) \
	VMOVDQU     at(SI), x;              \
	VINSERTI128 $1, (at+128)(SI), y, y; \
	VPSHUFB     ·backwards(SB), y, y

#define PLACE(at, x, y) \
	VPSHUFB      ·backwards(SB), y, y; \
	VMOVDQU      x, at(DI);            \
	VEXTRACTI128 $1, y, (at+128)(DI)

#define LOAD \
	PICK(0, X0, V0); \
	PICK(16, X1, V1); \
	PICK(32, X2, V2); \
	PICK(48, X3, V3); \
	PICK(64, X4, V4); \
	PICK(80, X5, V5); \
	PICK(96, X6, V6); \
	PICK(112, X7, V7)

#define STORE \
	PLACE(0, X0, V0); \
	PLACE(16, X1, V1); \
	PLACE(32, X2, V2); \
	PLACE(48, X3, V3); \
	PLACE(64, X4, V4); \
	PLACE(80, X5, V5); \
	PLACE(96, X6, V6); \
	PLACE(112, X7, V7)

// func decryptVAES(dst, src *byte, bases *words, pattern *[8][8]uint32, n int)
TEXT ·decryptVAES(SB), 0, $320-40
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

// func encryptVAES(dst, src *byte, bases *words, pattern *[8][8]uint32, n int)
TEXT ·encryptVAES(SB), 0, $2240-40
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
