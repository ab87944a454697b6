package secureboot_test

import (
	"testing"

	"github.com/bootsim/bootsim/flashmodel/secureboot"
	"github.com/stretchr/testify/require"
)

func seeds(f *testing.F) {
	for _, name := range []string{"boot-pad.bin", "signed-v1-boot-pad.bin", "signed-v2-boot-pad.bin", "p16.bin"} {
		f.Add(file(f, name))
	}
	f.Add([]byte{})
}

// Nothing makes the parsers fail otherwise than by a Failure, and what verifies
// is what the key's owner signed.
func FuzzV1(f *testing.F) {
	seeds(f)
	key, good := v1Key(f, "ec-a"), file(f, "signed-v1-boot-pad.bin")
	f.Fuzz(func(t *testing.T, b []byte) {
		if err := secureboot.VerifyV1App(b, key); err == nil {
			require.Equal(t, good, b[:len(good)])
		}
		if covered, err := secureboot.V1FileCovered(b); err == nil {
			require.Zero(t, len(covered)%secureboot.V1BlockSize)
		}
		if found, err := secureboot.EmbeddedV1Keys(b); err == nil {
			for _, k := range found {
				require.Equal(t, b[k.Offset:k.Offset+64], k.Key[:])
			}
		}
	})
}

func FuzzV2(f *testing.F) {
	seeds(f)
	opts, good := signedBy(f), signed(f)
	f.Fuzz(func(t *testing.T, b []byte) {
		if secureboot.VerifyV2(b, opts).OK() {
			require.Equal(t, good[:4096], b[:4096])
		}
		if secureboot.VerifyROMV2(b, *opts.KeyDigest).OK() {
			require.Equal(t, good[:4096], b[:4096])
		}
		first := secureboot.VerifyV2(b, secureboot.Options{})
		require.Equal(t, first.OK(), len(first.Blocks) > 0 && first.Blocks[len(first.Blocks)-1].Err == nil)
	})
}
