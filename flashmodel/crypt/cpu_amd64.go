//go:build !purego

package crypt

// What CPUID and XGETBV tell (Intel SDM, volume 2A, CPUID; volume 1, 13.3).
const (
	ssse3   = 1 << 9 // leaf 1, ECX
	aesni   = 1 << 25
	osxsave = 1 << 27
	avx     = 1 << 28

	avx2     = 1 << 5 // leaf 7, EBX
	avx512f  = 1 << 16
	avx512bw = 1 << 30

	vaes = 1 << 9 // leaf 7, ECX

	stateAVX    = 0x06 // XCR0: the system keeps the registers of 128 and 256 bits
	stateAVX512 = 0xe6 // and those of 512, and the masks
)

// has tells whether all the wanted bits are set.
func has(got, want uint32) bool { return got&want == want }

// cpuid returns what the processor tells of itself in a leaf, subleaf 0.
func cpuid(leaf uint32) (eax, ebx, ecx uint32)

// xgetbv returns the low half of XCR0. Only a processor with osxsave has it.
func xgetbv() uint32
