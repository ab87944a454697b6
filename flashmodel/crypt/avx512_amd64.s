//go:build !purego

#include "textflag.h"

// Words of two registers, for VPERMT2Q: the first halves and the second halves
// of both, a lane of the one after a lane of the other.
DATA lower<>+0(SB)/8, $0
DATA lower<>+8(SB)/8, $1
DATA lower<>+16(SB)/8, $8
DATA lower<>+24(SB)/8, $9
DATA lower<>+32(SB)/8, $2
DATA lower<>+40(SB)/8, $3
DATA lower<>+48(SB)/8, $10
DATA lower<>+56(SB)/8, $11
GLOBL lower<>(SB), RODATA|NOPTR, $64
DATA upper<>+0(SB)/8, $4
DATA upper<>+8(SB)/8, $5
DATA upper<>+16(SB)/8, $12
DATA upper<>+24(SB)/8, $13
DATA upper<>+32(SB)/8, $6
DATA upper<>+40(SB)/8, $7
DATA upper<>+48(SB)/8, $14
DATA upper<>+56(SB)/8, $15
GLOBL upper<>(SB), RODATA|NOPTR, $64

// The kernels for 512 bits work like those of lanes_amd64.h, but have registers
// enough to keep all words in.
//
// Z0 to Z7 are the data of the decryption, the even ones first blocks, the odd
// ones second blocks of the same units; in the encryption, the words after
// InvMixColumns first. Z8 to Z15 are the words, Z24 to Z29 constants. DI, SI, R9,
// R10, CX are the arguments; R8 is room for round keys on the stack.

#define WORD(i, to) \
	VPBROADCASTD (4*i)(R9), to;          \
	VPXORD       (64*i)(R10), to, to

#define WORDS \
	WORD(0, Z8); WORD(1, Z9); WORD(2, Z10); WORD(3, Z11); \
	WORD(4, Z12); WORD(5, Z13); WORD(6, Z14); WORD(7, Z15)

// SPREAD makes of four words the round keys of the first to fourth unit of each
// lane: Z20 to Z23.
#define SPREAD(a, b, c, d) \
	VPUNPCKLDQ  b, a, Z16;     \
	VPUNPCKHDQ  b, a, Z17;     \
	VPUNPCKLDQ  d, c, Z18;     \
	VPUNPCKHDQ  d, c, Z19;     \
	VPUNPCKLQDQ Z18, Z16, Z20; \
	VPUNPCKHQDQ Z18, Z16, Z21; \
	VPUNPCKLQDQ Z19, Z17, Z22; \
	VPUNPCKHQDQ Z19, Z17, Z23

#define SPREADEVEN SPREAD(Z8, Z9, Z10, Z11)
#define SPREADODD SPREAD(Z12, Z13, Z14, Z15)

// EACH does something to the data with the round keys of SPREAD.
#define EACH(DO) \
	DO Z20, Z0, Z0; \
	DO Z20, Z1, Z1; \
	DO Z21, Z2, Z2; \
	DO Z21, Z3, Z3; \
	DO Z22, Z4, Z4; \
	DO Z22, Z5, Z5; \
	DO Z23, Z6, Z6; \
	DO Z23, Z7, Z7

// EVEN makes the next words 0 to 3, with the n-th round constant, ODD the next
// words 4 to 7.
#define EVEN(n) \
	VPSHUFB      Z24, Z15, Z16;             \
	VPXORD.BCST  ·rcon+(4*n)(SB), Z8, Z8;   \
	VAESENCLAST  Z8, Z16, Z8;               \
	VPXORD       Z8, Z9, Z9;                \
	VPXORD       Z9, Z10, Z10;              \
	VPXORD       Z10, Z11, Z11

#define ODD \
	VPSHUFB     Z25, Z11, Z16;  \
	VAESENCLAST Z12, Z16, Z12;  \
	VPXORD      Z12, Z13, Z13;  \
	VPXORD      Z13, Z14, Z14;  \
	VPXORD      Z14, Z15, Z15

#define TWO(n) \
	EVEN(n); SPREADODD; EACH(VAESENC); \
	ODD; SPREADEVEN; EACH(VAESENC)

// PICK loads two blocks of four units each, one after the other a lane, backwards.
#define PICK(at, a, b) \
	VMOVDQU64  at(SI), a;              \
	VMOVDQU64  (at+64)(SI), Z16;       \
	VSHUFI64X2 $0xdd, Z16, a, b;       \
	VSHUFI64X2 $0x88, Z16, a, a;       \
	VPSHUFB    Z26, a, a;              \
	VPSHUFB    Z26, b, b

#define PLACE(at, a, b) \
	VPSHUFB   Z26, a, a;       \
	VPSHUFB   Z26, b, b;       \
	VMOVDQA64 a, Z16;          \
	VPERMT2Q  b, Z27, Z16;     \
	VPERMT2Q  b, Z28, a;       \
	VMOVDQU64 Z16, at(DI);     \
	VMOVDQU64 a, (at+64)(DI)

#define LOAD \
	PICK(0, Z0, Z1);   \
	PICK(128, Z2, Z3); \
	PICK(256, Z4, Z5); \
	PICK(384, Z6, Z7)

#define STORE \
	PLACE(0, Z0, Z1);   \
	PLACE(128, Z2, Z3); \
	PLACE(256, Z4, Z5); \
	PLACE(384, Z6, Z7)

// START takes arguments and constants.
#define START \
	MOVQ      dst+0(FP), DI;         \
	MOVQ      src+8(FP), SI;         \
	MOVQ      bases+16(FP), R9;      \
	MOVQ      pattern+24(FP), R10;   \
	MOVQ      n+32(FP), CX;          \
	VMOVDQU64 ·rotate(SB), Z24;      \
	VMOVDQU64 ·straight(SB), Z25;    \
	VMOVDQU64 ·backwards(SB), Z26;   \
	VMOVDQU64 lower<>(SB), Z27;       \
	VMOVDQU64 upper<>(SB), Z28;       \
	VPXORD    Z29, Z29, Z29

// func decryptAVX512(dst, src *byte, bases *words, pattern *[8][16]uint32, n int)
TEXT ·decryptAVX512(SB), NOSPLIT, $0-40
	START

group:
	WORDS
	LOAD
	SPREADEVEN
	EACH(VPXORD)
	TWO(0)
	TWO(1)
	TWO(2)
	TWO(3)
	TWO(4)
	TWO(5)
	EVEN(6)
	SPREADODD
	EACH(VAESENC)
	SPREADEVEN
	EACH(VAESENCLAST)
	STORE
	ADDQ $512, SI
	ADDQ $512, DI
	ADDQ $32, R9
	DECQ CX
	JNZ  group
	VZEROUPPER
	RET

// IMC is InvMixColumns: decryption undoes all else that encryption does.
#define IMC(from, to) \
	VAESENCLAST Z29, from, to; \
	VAESDEC     Z29, to, to

#define ROUNDKEY(r) \
	VMOVDQU64 Z20, (256*r)(R8);     \
	VMOVDQU64 Z21, (256*r+64)(R8);  \
	VMOVDQU64 Z22, (256*r+128)(R8); \
	VMOVDQU64 Z23, (256*r+192)(R8)

// ADD enters the first word into four.
#define ADD(sub, a, b, c, d) \
	VPXORD sub, a, a; \
	VPXORD a, b, b;   \
	VPXORD b, c, c;   \
	VPXORD c, d, d

// SUBEVEN and SUBODD make the next words 0 to 3 and 4 to 7, and leave what was
// substituted in Z30 and Z31.
#define SUBEVEN(n) \
	VPSHUFB      Z24, Z15, Z30;         \
	VPBROADCASTD ·rcon+(4*n)(SB), Z17;  \
	VAESENCLAST  Z17, Z30, Z30;         \
	ADD(Z30, Z8, Z9, Z10, Z11)

#define SUBODD \
	VPSHUFB     Z25, Z11, Z31; \
	VAESENCLAST Z29, Z31, Z31; \
	ADD(Z31, Z12, Z13, Z14, Z15)

// INVERSEEVEN and INVERSEODD make the same words after InvMixColumns, and round
// keys of them. InvMixColumns is linear: only what was substituted goes through
// it, and the sums are the same.
#define INVERSEEVEN(r) \
	IMC(Z30, Z16);               \
	ADD(Z16, Z0, Z1, Z2, Z3);    \
	SPREAD(Z0, Z1, Z2, Z3);      \
	ROUNDKEY(r)

#define INVERSEODD(r) \
	IMC(Z31, Z16);               \
	ADD(Z16, Z4, Z5, Z6, Z7);    \
	SPREAD(Z4, Z5, Z6, Z7);      \
	ROUNDKEY(r)

// INVERSETWO makes two rounds' keys, of which words were made a round before.
#define INVERSETWO(n) \
	SUBODD;               \
	INVERSEEVEN((2*n+2)); \
	SUBEVEN((n+1));         \
	INVERSEODD((2*n+3))

// FROM does something to the data with the stored round keys of round r.
#define FROM(DO, r) \
	DO (256*r)(R8), Z0, Z0;     \
	DO (256*r)(R8), Z1, Z1;     \
	DO (256*r+64)(R8), Z2, Z2;  \
	DO (256*r+64)(R8), Z3, Z3;  \
	DO (256*r+128)(R8), Z4, Z4; \
	DO (256*r+128)(R8), Z5, Z5; \
	DO (256*r+192)(R8), Z6, Z6; \
	DO (256*r+192)(R8), Z7, Z7

// func encryptAVX512(dst, src *byte, bases *words, pattern *[8][16]uint32, n int)
TEXT ·encryptAVX512(SB), 0, $3648-40
	START
	MOVQ SP, R8
	ADDQ $63, R8
	ANDQ $~63, R8

group:
	WORDS
	SPREADEVEN
	ROUNDKEY(0)
	IMC(Z8, Z0)
	IMC(Z9, Z1)
	IMC(Z10, Z2)
	IMC(Z11, Z3)
	IMC(Z12, Z4)
	IMC(Z13, Z5)
	IMC(Z14, Z6)
	IMC(Z15, Z7)
	SPREAD(Z4, Z5, Z6, Z7)
	ROUNDKEY(1)
	SUBEVEN(0)
	INVERSETWO(0)
	INVERSETWO(1)
	INVERSETWO(2)
	INVERSETWO(3)
	INVERSETWO(4)
	INVERSETWO(5)
	LOAD
	SPREADEVEN
	EACH(VPXORD)
	FROM(VAESDEC, 13)
	FROM(VAESDEC, 12)
	FROM(VAESDEC, 11)
	FROM(VAESDEC, 10)
	FROM(VAESDEC, 9)
	FROM(VAESDEC, 8)
	FROM(VAESDEC, 7)
	FROM(VAESDEC, 6)
	FROM(VAESDEC, 5)
	FROM(VAESDEC, 4)
	FROM(VAESDEC, 3)
	FROM(VAESDEC, 2)
	FROM(VAESDEC, 1)
	FROM(VAESDECLAST, 0)
	STORE
	ADDQ $512, SI
	ADDQ $512, DI
	ADDQ $32, R9
	DECQ CX
	JNZ  group
	VZEROUPPER
	RET
