//go:build linux || darwin

package crypt_test

import (
	"os"
	"syscall"
	"testing"

	"github.com/bootsim/bootsim/flashmodel/crypt"
	"github.com/stretchr/testify/require"
)

// guarded returns some pages between two that nobody may read or write.
func guarded(t *testing.T) []byte {
	page := os.Getpagesize()
	size := (1<<13+page-1)/page*page + 2*page
	m, err := syscall.Mmap(-1, 0, size, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, syscall.Munmap(m)) })
	require.NoError(t, syscall.Mprotect(m[:page], syscall.PROT_NONE))
	require.NoError(t, syscall.Mprotect(m[size-page:], syscall.PROT_NONE))
	return m[page : size-page]
}

// Nothing outside source and destination is read or written, be it before or
// behind them: it would be the end of the test.
func TestNothingOutsideIsTouched(t *testing.T) {
	src, dst := guarded(t), guarded(t)
	eachPath(t, func(t *testing.T, path string) {
		c := crypt.NewOn(path, crypt.Key{}, crypt.FullConfig, false)
		for _, d := range directions {
			for n := 0; n <= 1040; n += 16 {
				for addr := uint32(0); addr < 512; addr += 16 {
					require.NoError(t, d.do(c, addr, dst[:n], src[:n]))
					require.NoError(t, d.do(c, addr, dst[len(dst)-n:], src[len(src)-n:]))
				}
			}
		}
	})
}
