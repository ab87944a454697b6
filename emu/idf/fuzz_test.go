package idf_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/emu/idf"
)

// FuzzParse reads any text as a version: what is read orders consistently and is
// read again from what it prints.
func FuzzParse(f *testing.F) {
	for _, s := range []string{"v3.1", "v4.4-dev-1183-g9d34a1cd4", "v3.3.5-1-g85c43024c", "v5.1.2-dirty", "v5.0-rc1", "v4.0-beta2-13", "3.2-dev-1139", "v99999999999.1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		v, err := idf.Parse(text)
		if err != nil {
			require.NotEmpty(t, err.Error())
			return
		}
		require.Zero(t, v.Compare(v))
		again, err := idf.Parse(v.String())
		require.NoError(t, err, "%q prints as %q", text, v)
		require.Equal(t, v, again)
		_ = v.Settled()
	})
}
