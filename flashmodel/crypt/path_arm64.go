//go:build !purego

package crypt

import (
	"encoding/binary"
	"os"
	"runtime"
	"sync"
)

// groups carries out groups of units, one base each, of the given width.
func (p path) groups(d direction, _ uint32, dst, src []byte, bases []words, t *tweak) {
	switch {
	case p == pathPlain:
		kernel(d, dst, src, bases)
	case d == fromFlash:
		decryptAES(&dst[0], &src[0], &bases[0], &t.four, len(bases))
	default:
		encryptAES(&dst[0], &src[0], &bases[0], &t.four, len(bases))
	}
}

// The kernels carry out n groups. The key of a unit is the base of its group
// XOR what the pattern has in its place. All of a group is read before any of
// it is written.

//go:noescape
func decryptAES(dst, src *byte, bases *words, pattern *[8][4]uint32, n int)

//go:noescape
func encryptAES(dst, src *byte, bases *words, pattern *[8][4]uint32, n int)

// paths returns the paths of this machine. Every 64-bit processor of Apple has
// AES instructions; Linux tells of others what they have.
var paths = sync.OnceValue(func() []path {
	if runtime.GOOS == "darwin" || runtime.GOOS == "ios" || runtime.GOOS == "linux" && hardwareAES("/proc/self/auxv") {
		return []path{pathPlain, pathAES}
	}
	return []path{pathPlain}
})

// hardwareAES reads Linux's auxiliary vector: pairs of words, of which that of
// type AT_HWCAP has a bit for AES (Linux, arch/arm64/include/uapi/asm/hwcap.h).
func hardwareAES(file string) bool {
	const typeHWCAP, bitAES = 16, 3
	b, err := os.ReadFile(file)
	if err != nil {
		return false // no /proc: do without
	}
	for ; len(b) >= 16; b = b[16:] {
		if binary.LittleEndian.Uint64(b) == typeHWCAP {
			return binary.LittleEndian.Uint64(b[8:])>>bitAES&1 == 1
		}
	}
	return false
}
