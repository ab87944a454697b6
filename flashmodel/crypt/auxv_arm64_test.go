//go:build !purego

package crypt

import (
	"encoding/binary"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// The bit for AES counts, not its neighbours, nor other entries, nor a vector
// cut short or missing.
func TestHardwareAES(t *testing.T) {
	write := func(words ...uint64) string {
		name := filepath.Join(t.TempDir(), "auxv")
		var b []byte
		for _, w := range words {
			b = binary.LittleEndian.AppendUint64(b, w)
		}
		require.NoError(t, os.WriteFile(name, b, 0o600))
		return name
	}
	require.True(t, hardwareAES(write(3, 0, 16, 1<<3, 0, 0)))
	require.False(t, hardwareAES(write(3, 1<<3, 16, ^uint64(1<<3), 0, 0)))
	require.False(t, hardwareAES(write(3, 1<<3, 16)))
	require.False(t, hardwareAES(filepath.Join(t.TempDir(), "none")))
}
