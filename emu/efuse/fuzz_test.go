package efuse_test

import (
	"errors"
	"testing"

	"github.com/bootsim/bootsim/emu/efuse"
	"github.com/stretchr/testify/require"
)

// FuzzParseDump: whatever comes in, there is either a typed error or eFuses that
// the binary forms carry on unchanged as far as software sees them.
func FuzzParseDump(f *testing.F) {
	for _, name := range []string{
		"fe-dev-visible.dump", "coding34-visible.dump", "custom-mac.virt", "coding34-protected.virt",
		"custom-mac.v5.json", "dense.v3.json", "fe-release.v5.txt", "dense.v3.txt", "dense.v3.console",
	} {
		f.Add(stateFile(f, name))
	}
	f.Add([]byte("EFUSE block 0:\n00100000 c4010203\n"))
	f.Add([]byte(`{"MAC": {"value": "24:0a:c4:01:02:03 (CRC 0x38 OK)"}}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		d, err := efuse.ParseDump(b)
		if err != nil {
			var format *efuse.FormatError
			require.True(t, errors.As(err, &format), "%T", err)
			require.Less(t, len(err.Error()), 600)
			return
		}
		for _, form := range [][]byte{d.Set.Dump(), d.Set.Virtual()} {
			again, err := efuse.ParseDump(form)
			require.NoError(t, err)
			require.Equal(t, d.Set.Dump(), again.Set.Dump())
		}
	})
}

// FuzzParseSplit: as FuzzParseDump, for one file a block.
func FuzzParseSplit(f *testing.F) {
	joint := stateFile(f, "coding34-visible.dump")
	f.Add(joint[:28], joint[28:52], joint[52:76], joint[76:])
	f.Fuzz(func(t *testing.T, b0, b1, b2, b3 []byte) {
		d, err := efuse.ParseSplit([efuse.BlockCount][]byte{b0, b1, b2, b3})
		if err != nil {
			var format *efuse.FormatError
			require.ErrorAs(t, err, &format)
			return
		}
		again, err := efuse.ParseDump(d.Set.Virtual())
		require.NoError(t, err)
		require.Equal(t, d.Set.Dump(), again.Set.Dump())
	})
}
