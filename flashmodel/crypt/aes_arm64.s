//go:build !purego

#include "textflag.h"

// The kernels work like those of avx512_amd64.s, with one lane. V0 to V7 are the
// data of the decryption, two blocks a unit; in the encryption, the words after
// InvMixColumns first. V8 to V15 are the words, V24 to V27 constants. R0 to R4 are
// the arguments, R7 goes along the round constants, R8 along the round keys on
// the stack.

#define START \
	MOVD  dst+0(FP), R0;      \
	MOVD  src+8(FP), R1;      \
	MOVD  bases+16(FP), R2;   \
	MOVD  pattern+24(FP), R3; \
	MOVD  n+32(FP), R4;       \
	MOVD  $·rotate(SB), R5;   \
	VLD1  (R5), [V24.B16];    \
	MOVD  $·straight(SB), R5; \
	VLD1  (R5), [V25.B16];    \
	MOVD  $·backwards(SB), R5; \
	VLD1  (R5), [V26.B16];    \
	VEOR  V27.B16, V27.B16, V27.B16

#define FOURWORDS(base, a, b, c, d) \
	VDUP   base.S[0], a.S4;           \
	VDUP   base.S[1], b.S4;           \
	VDUP   base.S[2], c.S4;           \
	VDUP   base.S[3], d.S4;           \
	VLD1.P 64(R5), [V18.B16, V19.B16, V20.B16, V21.B16]; \
	VEOR   V18.B16, a.B16, a.B16;     \
	VEOR   V19.B16, b.B16, b.B16;     \
	VEOR   V20.B16, c.B16, c.B16;     \
	VEOR   V21.B16, d.B16, d.B16

#define WORDS \
	MOVD   $·rcon(SB), R7;               \
	MOVD   R3, R5;                       \
	VLD1.P 32(R2), [V16.B16, V17.B16];   \
	FOURWORDS(V16, V8, V9, V10, V11);    \
	FOURWORDS(V17, V12, V13, V14, V15)

// SPREAD makes of four words the round keys of the four units: V20 to V23.
#define SPREAD(a, b, c, d) \
	VZIP1 b.S4, a.S4, V16.S4;     \
	VZIP2 b.S4, a.S4, V17.S4;     \
	VZIP1 d.S4, c.S4, V18.S4;     \
	VZIP2 d.S4, c.S4, V19.S4;     \
	VZIP1 V18.D2, V16.D2, V20.D2; \
	VZIP2 V18.D2, V16.D2, V21.D2; \
	VZIP1 V19.D2, V17.D2, V22.D2; \
	VZIP2 V19.D2, V17.D2, V23.D2

#define SPREADEVEN SPREAD(V8, V9, V10, V11)
#define SPREADODD SPREAD(V12, V13, V14, V15)

// ADD enters what was substituted into four words.
#define ADD(sub, a, b, c, d) \
	VEOR sub.B16, a.B16, a.B16; \
	VEOR a.B16, b.B16, b.B16;   \
	VEOR b.B16, c.B16, c.B16;   \
	VEOR c.B16, d.B16, d.B16

// EVEN makes the next words 0 to 3, ODD the next words 4 to 7. They leave what
// was substituted in V28 and V29.
#define EVEN \
	VTBL    V24.B16, [V15.B16], V28.B16; \
	AESE    V27.B16, V28.B16;            \
	VLD1R.P 4(R7), [V30.S4];             \
	VEOR    V30.B16, V28.B16, V28.B16;   \
	ADD(V28, V8, V9, V10, V11)

#define ODD \
	VTBL V25.B16, [V11.B16], V29.B16; \
	AESE V27.B16, V29.B16;            \
	ADD(V29, V12, V13, V14, V15)

// AESE and AESD add the round key first, hence the steps of a round are another
// round's than on amd64.
#define CIPHER(k, d) AESE k.B16, d.B16; AESMC d.B16, d.B16
#define CIPHERLAST(k, d) AESE k.B16, d.B16
#define INVERSE(k, d) AESD k.B16, d.B16; AESIMC d.B16, d.B16
#define INVERSELAST(k, d) AESD k.B16, d.B16
#define XOR(k, d) VEOR k.B16, d.B16, d.B16

#define EACH(DO) \
	DO(V20, V0); \
	DO(V20, V1); \
	DO(V21, V2); \
	DO(V21, V3); \
	DO(V22, V4); \
	DO(V22, V5); \
	DO(V23, V6); \
	DO(V23, V7)

// TWO carries out two rounds, with the words made a round before.
#define TWO \
	EVEN; SPREADODD; EACH(CIPHER); \
	ODD; SPREADEVEN; EACH(CIPHER)

#define BACKWARDS \
	VTBL V26.B16, [V0.B16], V0.B16; \
	VTBL V26.B16, [V1.B16], V1.B16; \
	VTBL V26.B16, [V2.B16], V2.B16; \
	VTBL V26.B16, [V3.B16], V3.B16; \
	VTBL V26.B16, [V4.B16], V4.B16; \
	VTBL V26.B16, [V5.B16], V5.B16; \
	VTBL V26.B16, [V6.B16], V6.B16; \
	VTBL V26.B16, [V7.B16], V7.B16

#define LOAD \
	VLD1.P 64(R1), [V0.B16, V1.B16, V2.B16, V3.B16]; \
	VLD1.P 64(R1), [V4.B16, V5.B16, V6.B16, V7.B16]; \
	BACKWARDS

#define STORE \
	BACKWARDS; \
	VST1.P [V0.B16, V1.B16, V2.B16, V3.B16], 64(R0); \
	VST1.P [V4.B16, V5.B16, V6.B16, V7.B16], 64(R0)

// func decryptAES(dst, src *byte, bases *words, pattern *[8][4]uint32, n int)
TEXT ·decryptAES(SB), NOSPLIT, $0-40
	START

group:
	WORDS
	LOAD
	SPREADEVEN
	EACH(CIPHER)
	TWO
	TWO
	TWO
	TWO
	TWO
	TWO
	EVEN
	SPREADODD
	EACH(CIPHERLAST)
	SPREADEVEN
	EACH(XOR)
	STORE
	SUBS $1, R4
	BNE  group
	RET

#define ROUNDKEY \
	VST1.P [V20.B16, V21.B16, V22.B16, V23.B16], 64(R8)

// INVERSEEVEN and INVERSEODD make the words after InvMixColumns, and round keys
// of them. InvMixColumns is linear: only what was substituted goes through it,
// and the sums are the same.
#define INVERSEEVEN \
	AESIMC V28.B16, V16.B16;  \
	ADD(V16, V0, V1, V2, V3); \
	SPREAD(V0, V1, V2, V3);   \
	ROUNDKEY

#define INVERSEODD \
	AESIMC V29.B16, V16.B16;  \
	ADD(V16, V4, V5, V6, V7); \
	SPREAD(V4, V5, V6, V7);   \
	ROUNDKEY

#define INVERSETWO \
	ODD;         \
	INVERSEEVEN; \
	EVEN;        \
	INVERSEODD

// BACK takes the round keys stored last that were not taken yet.
#define BACK \
	SUB  $64, R8; \
	VLD1 (R8), [V20.B16, V21.B16, V22.B16, V23.B16]

// func encryptAES(dst, src *byte, bases *words, pattern *[8][4]uint32, n int)
TEXT ·encryptAES(SB), 0, $896-40
	START
	MOVD $keys-896(SP), R8

group:
	WORDS
	SPREADEVEN
	ROUNDKEY
	AESIMC V8.B16, V0.B16
	AESIMC V9.B16, V1.B16
	AESIMC V10.B16, V2.B16
	AESIMC V11.B16, V3.B16
	AESIMC V12.B16, V4.B16
	AESIMC V13.B16, V5.B16
	AESIMC V14.B16, V6.B16
	AESIMC V15.B16, V7.B16
	SPREAD(V4, V5, V6, V7)
	ROUNDKEY
	EVEN
	INVERSETWO
	INVERSETWO
	INVERSETWO
	INVERSETWO
	INVERSETWO
	INVERSETWO
	LOAD
	SPREADEVEN
	EACH(INVERSE)
	BACK
	EACH(INVERSE)
	BACK
	EACH(INVERSE)
	BACK
	EACH(INVERSE)
	BACK
	EACH(INVERSE)
	BACK
	EACH(INVERSE)
	BACK
	EACH(INVERSE)
	BACK
	EACH(INVERSE)
	BACK
	EACH(INVERSE)
	BACK
	EACH(INVERSE)
	BACK
	EACH(INVERSE)
	BACK
	EACH(INVERSE)
	BACK
	EACH(INVERSE)
	BACK
	EACH(INVERSELAST)
	BACK
	EACH(XOR)
	STORE
	SUBS $1, R4
	BNE  group
	RET
