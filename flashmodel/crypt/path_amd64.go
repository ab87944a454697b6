//go:build !purego

package crypt

import "sync"

// groups carries out groups of units, one base each, of the given width.
func (p path) groups(d direction, width uint32, dst, src []byte, bases []words, t *tweak) {
	if p == pathPlain {
		kernel(d, dst, src, bases)
		return
	}
	switch {
	case width == 4 && d == fromFlash:
		decryptAES(&dst[0], &src[0], &bases[0], &t.four, len(bases))
	case width == 4:
		encryptAES(&dst[0], &src[0], &bases[0], &t.four, len(bases))
	case width == 8 && d == fromFlash:
		decryptVAES(&dst[0], &src[0], &bases[0], &t.eight, len(bases))
	case width == 8:
		encryptVAES(&dst[0], &src[0], &bases[0], &t.eight, len(bases))
	case d == fromFlash:
		decryptAVX512(&dst[0], &src[0], &bases[0], &t.sixteen, len(bases))
	default:
		encryptAVX512(&dst[0], &src[0], &bases[0], &t.sixteen, len(bases))
	}
}

// The kernels carry out n groups. The key of a unit is the base of its group
// XOR what the pattern has in its place. All of a group is read before any of
// it is written.

//go:noescape
func decryptAES(dst, src *byte, bases *words, pattern *[8][4]uint32, n int)

//go:noescape
func encryptAES(dst, src *byte, bases *words, pattern *[8][4]uint32, n int)

//go:noescape
func decryptVAES(dst, src *byte, bases *words, pattern *[8][8]uint32, n int)

//go:noescape
func encryptVAES(dst, src *byte, bases *words, pattern *[8][8]uint32, n int)

//go:noescape
func decryptAVX512(dst, src *byte, bases *words, pattern *[8][16]uint32, n int)

//go:noescape
func encryptAVX512(dst, src *byte, bases *words, pattern *[8][16]uint32, n int)

// paths returns the paths of this machine. The processor is asked once: under a
// hypervisor every question takes microseconds.
var paths = sync.OnceValue(func() []path {
	var f features
	top, _, _ := cpuid(0)
	_, _, f.leaf1 = cpuid(1)
	if top >= 7 {
		_, f.leaf7b, f.leaf7c = cpuid(7)
	}
	if has(f.leaf1, osxsave) {
		f.xcr0 = xgetbv()
	}
	return f.paths()
})
