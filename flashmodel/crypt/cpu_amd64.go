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

// features are the registers that have these bits.
type features struct {
	leaf1          uint32 // ECX
	leaf7b, leaf7c uint32 // EBX and ECX
	xcr0           uint32
}

// paths returns the paths of a machine with these features. A register that the
// system does not keep for the process must not be used, whatever the processor
// can do.
func (f features) paths() []path {
	ps := []path{pathPlain}
	if !has(f.leaf1, aesni|ssse3|avx|osxsave) || !has(f.xcr0, stateAVX) {
		return ps
	}
	ps = append(ps, pathAES)
	if !has(f.leaf7c, vaes) || !has(f.leaf7b, avx2) {
		return ps
	}
	ps = append(ps, pathVAES)
	if !has(f.leaf7b, avx512f|avx512bw) || !has(f.xcr0, stateAVX512) {
		return ps
	}
	return append(ps, pathAVX512)
}

// cpuid returns what the processor tells of itself in a leaf, subleaf 0.
func cpuid(leaf uint32) (eax, ebx, ecx uint32)

// xgetbv returns the low half of XCR0. Only a processor with osxsave has it.
func xgetbv() uint32
