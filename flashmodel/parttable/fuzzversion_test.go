package parttable_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/flashmodel/parttable"
)

// FuzzParseVersion reads any text as a version of the tool, and sizes and secure
// modes as its options.
func FuzzParseVersion(f *testing.F) {
	f.Add("v5.1.2", "4MB", "v1")
	f.Add("3.1", "0x400000", "none")
	f.Add("latest", "4K", "")
	f.Fuzz(func(t *testing.T, version, size, secure string) {
		v, err := parttable.ParseVersion(version)
		if err != nil {
			return
		}
		again, err := parttable.ParseVersion(v.String())
		require.NoError(t, err)
		require.Equal(t, v, again)
		p, err := parttable.ProfileFor(v)
		if err != nil {
			return
		}
		n, err := p.ParseFlashSize(size)
		require.True(t, err != nil || n >= 0, "%d", n)
		_, _ = p.ParseSecure(secure)
	})
}
