// What the kernels for 128 and 256 bits have in common. They call the same
// registers V0 to V15, each of WIDTH bytes, that is, of WIDTH/16 lanes, and define
// IMC. A lane holds four columns, which are 32 bits, of AES's state.
//
// The words of the key schedule lie across: a register has one word of as many
// units as there are columns. One AESENCLAST so substitutes for all of these,
// and SPREAD makes round keys of four registers.
//
// V0 to V7 are the data of the decryption, the even ones first blocks, the odd
// ones second blocks of the same units. DI, SI, R9, R10, CX are the arguments;
// R8 is room on the stack: eight words, then the round keys.

// WORD puts the initial word i of the keys into a register.
#define WORD(i, to) \
	VBROADCASTSS (4*i)(R9), to;             \
	VPXOR        (i*WIDTH)(R10), to, to

#define KEEP(i, from) \
	VMOVDQU from, (i*WIDTH)(R8)

// SPREAD makes of the words in V8 to V11 the round keys of the first to fourth
// unit of each lane: V8, V12, V9, V13.
#define SPREAD \
	VPUNPCKLDQ  V9, V8, V12;   \
	VPUNPCKHDQ  V9, V8, V13;   \
	VPUNPCKLDQ  V11, V10, V14; \
	VPUNPCKHDQ  V11, V10, V10; \
	VPUNPCKLQDQ V14, V12, V8;  \
	VPUNPCKHQDQ V14, V12, V12; \
	VPUNPCKLQDQ V10, V13, V9;  \
	VPUNPCKHQDQ V10, V13, V13

// SPREADKEPT does so with the words kept from i on, and leaves V11 alone.
#define SPREADKEPT(i) \
	VMOVDQU     (i*WIDTH)(R8), V8;            \
	VMOVDQU     ((i+2)*WIDTH)(R8), V9;        \
	VPUNPCKLDQ  ((i+1)*WIDTH)(R8), V8, V12;   \
	VPUNPCKHDQ  ((i+1)*WIDTH)(R8), V8, V13;   \
	VPUNPCKLDQ  ((i+3)*WIDTH)(R8), V9, V14;   \
	VPUNPCKHDQ  ((i+3)*WIDTH)(R8), V9, V10;   \
	VPUNPCKLQDQ V14, V12, V8;                 \
	VPUNPCKHQDQ V14, V12, V12;                \
	VPUNPCKLQDQ V10, V13, V9;                 \
	VPUNPCKHQDQ V10, V13, V13

// EACH does something to the data with the round keys of SPREAD.
#define EACH(DO) \
	DO V8, V0, V0;  \
	DO V8, V1, V1;  \
	DO V12, V2, V2; \
	DO V12, V3, V3; \
	DO V9, V4, V4;  \
	DO V9, V5, V5;  \
	DO V13, V6, V6; \
	DO V13, V7, V7

#define KEEPFOUR(i) \
	KEEP((i+0), V8);  \
	KEEP((i+1), V9);  \
	KEEP((i+2), V10); \
	KEEP((i+3), V11)

// SUMS makes of the first of the words from i on the others, given those that
// they replace (FIPS 197, 5.2).
#define SUMS(i) \
	VPXOR ((i+1)*WIDTH)(R8), V8, V9;   \
	VPXOR ((i+2)*WIDTH)(R8), V9, V10;  \
	VPXOR ((i+3)*WIDTH)(R8), V10, V11; \
	KEEPFOUR(i)

// EVEN makes the words 0 to 3 after the n-th round constant, ODD the words 4
// to 7.
#define EVEN(n) \
	VPSHUFB      ·rotate(SB), V11, V14; \
	VBROADCASTSS ·rcon+(4*n)(SB), V13;  \
	VPXOR        (R8), V13, V13;        \
	VAESENCLAST  V13, V14, V8;          \
	SUMS(0)

#define ODD \
	VPSHUFB     ·straight(SB), V11, V14; \
	VMOVDQU     (4*WIDTH)(R8), V13;      \
	VAESENCLAST V13, V14, V8;            \
	SUMS(4)

// TWO carries out two rounds. The words are made a round before they are needed:
// first come, first served, and it is they that everything waits for.
#define TWO(n) \
	EVEN(n); SPREADKEPT(4); EACH(VAESENC); \
	ODD; SPREADKEPT(0); EACH(VAESENC)

// DECRYPT carries out AES's cipher on the data.
#define DECRYPT \
	WORD(0, V8); WORD(1, V9); WORD(2, V10); WORD(3, V11); \
	KEEPFOUR(0);  \
	SPREAD;       \
	EACH(VPXOR);  \
	WORD(4, V8); WORD(5, V9); WORD(6, V10); WORD(7, V11); \
	KEEPFOUR(4);  \
	TWO(0);       \
	TWO(1);       \
	TWO(2);       \
	TWO(3);       \
	TWO(4);       \
	TWO(5);       \
	EVEN(6);      \
	SPREADKEPT(4); EACH(VAESENC); \
	SPREADKEPT(0); EACH(VAESENCLAST)

// For the inverse cipher, V0 to V7 are the words first, and those kept are the
// words of the round keys after InvMixColumns. That is linear: these words come
// of each other by the same sums, and only what is substituted goes through it.
// V15 is zero.

// ROUNDKEY stores the round keys of round r.
#define ROUNDKEY(r) \
	VMOVDQU V8, ((8+4*r)*WIDTH)(R8);  \
	VMOVDQU V12, ((9+4*r)*WIDTH)(R8); \
	VMOVDQU V9, ((10+4*r)*WIDTH)(R8); \
	VMOVDQU V13, ((11+4*r)*WIDTH)(R8)

#define ADD(a, b, c, d) \
	VPXOR V14, a, a; \
	VPXOR a, b, b;   \
	VPXOR b, c, c;   \
	VPXOR c, d, d

#define INVERSE(i, r) \
	IMC(V14, V14);                \
	VPXOR (i*WIDTH)(R8), V14, V8; \
	SUMS(i);                      \
	SPREAD;                       \
	ROUNDKEY(r)

#define SUBEVEN(n) \
	VPSHUFB      ·rotate(SB), V7, V14; \
	VBROADCASTSS ·rcon+(4*n)(SB), V13; \
	VAESENCLAST  V13, V14, V14;         \
	ADD(V0, V1, V2, V3)

#define SUBODD \
	VPSHUFB     ·straight(SB), V3, V14; \
	VAESENCLAST V15, V14, V14;           \
	ADD(V4, V5, V6, V7)

#define RAW(r) \
	VMOVDQA V0, V8;  \
	VMOVDQA V1, V9;  \
	VMOVDQA V2, V10; \
	VMOVDQA V3, V11; \
	SPREAD;          \
	ROUNDKEY(r)

// INVERSEKEYS stores the round keys of the equivalent inverse cipher (FIPS 197,
// 5.3.5).
#define INVERSEKEYS \
	WORD(0, V0); WORD(1, V1); WORD(2, V2); WORD(3, V3); \
	WORD(4, V4); WORD(5, V5); WORD(6, V6); WORD(7, V7); \
	RAW(0);       \
	IMC(V0, V8);  \
	IMC(V1, V9);  \
	IMC(V2, V10); \
	IMC(V3, V11); \
	KEEPFOUR(0);  \
	IMC(V4, V8);  \
	IMC(V5, V9);  \
	IMC(V6, V10); \
	IMC(V7, V11); \
	KEEPFOUR(4);  \
	SPREAD;       \
	ROUNDKEY(1);  \
	SUBEVEN(0); INVERSE(0, 2); SUBODD; INVERSE(4, 3);   \
	SUBEVEN(1); INVERSE(0, 4); SUBODD; INVERSE(4, 5);   \
	SUBEVEN(2); INVERSE(0, 6); SUBODD; INVERSE(4, 7);   \
	SUBEVEN(3); INVERSE(0, 8); SUBODD; INVERSE(4, 9);   \
	SUBEVEN(4); INVERSE(0, 10); SUBODD; INVERSE(4, 11); \
	SUBEVEN(5); INVERSE(0, 12); SUBODD; INVERSE(4, 13); \
	SUBEVEN(6); RAW(14)

// FROM does something to the data with the stored round keys of round r.
#define FROM(DO, r) \
	DO ((8+4*r)*WIDTH)(R8), V0, V0;  \
	DO ((8+4*r)*WIDTH)(R8), V1, V1;  \
	DO ((9+4*r)*WIDTH)(R8), V2, V2;  \
	DO ((9+4*r)*WIDTH)(R8), V3, V3;  \
	DO ((10+4*r)*WIDTH)(R8), V4, V4; \
	DO ((10+4*r)*WIDTH)(R8), V5, V5; \
	DO ((11+4*r)*WIDTH)(R8), V6, V6; \
	DO ((11+4*r)*WIDTH)(R8), V7, V7

// ENCRYPT carries out AES's inverse cipher on the data.
#define ENCRYPT \
	FROM(VPXOR, 14);   \
	FROM(VAESDEC, 13); \
	FROM(VAESDEC, 12); \
	FROM(VAESDEC, 11); \
	FROM(VAESDEC, 10); \
	FROM(VAESDEC, 9);  \
	FROM(VAESDEC, 8);  \
	FROM(VAESDEC, 7);  \
	FROM(VAESDEC, 6);  \
	FROM(VAESDEC, 5);  \
	FROM(VAESDEC, 4);  \
	FROM(VAESDEC, 3);  \
	FROM(VAESDEC, 2);  \
	FROM(VAESDEC, 1);  \
	FROM(VAESDECLAST, 0)

// ARGUMENTS takes the arguments and makes room on the stack, on a border of 64
// bytes: no access crosses a line of the cache.
#define ARGUMENTS \
	MOVQ dst+0(FP), DI;      \
	MOVQ src+8(FP), SI;      \
	MOVQ bases+16(FP), R9;   \
	MOVQ pattern+24(FP), R10; \
	MOVQ n+32(FP), CX;       \
	MOVQ SP, R8;             \
	ADDQ $63, R8;            \
	ANDQ $~63, R8

