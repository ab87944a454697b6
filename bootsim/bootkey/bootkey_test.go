package bootkey_test

import (
	"crypto/x509"
	"encoding/pem"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/bootsim/bootkey"
	"github.com/bootsim/bootsim/bootsim/pemkey"
	"github.com/bootsim/bootsim/emu/efuse"
	"github.com/bootsim/bootsim/fixtures/refdata"
)

// What a chip holds of a signing key is what the reference derives from it.
func TestKeyIsTheReferences(t *testing.T) {
	k, err := bootkey.Read("a.pem", refdata.Read(t, "espsecure", "test-key-ec-a.pem"))
	require.NoError(t, err)
	require.Equal(t, &bootsim.BootKey{File: "a.pem", Derived: true, Data: refdata.Read(t, "espsecure", "test-key-ec-a.digest.bin")}, k)

	for _, name := range []string{"test-key-rsa-a.pem", "test-key-rsa-a.pub.pem"} {
		k, err = bootkey.Read("a.pem", refdata.Read(t, "espsecure", name))
		require.NoError(t, err)
		require.True(t, k.Signed)
		require.Equal(t, refdata.Read(t, "espsecure", "test-key-rsa-a.sbv2digest.bin"), k.Data)
	}
	raw := refdata.Read(t, "espsecure", "k2.bin")
	k, err = bootkey.Read("k2.bin", raw)
	require.NoError(t, err)
	require.Equal(t, &bootsim.BootKey{File: "k2.bin", Data: raw}, k)
}

// A key comes into BLOCK2 as the scheme and the coding of the chip ask.
func TestKeyIsPlaced(t *testing.T) {
	derived, err := bootkey.Read("a.pem", refdata.Read(t, "espsecure", "test-key-ec-a.pem"))
	require.NoError(t, err)
	chip := func(fields map[string]uint64) *efuse.Set {
		s := efuse.New()
		for name, v := range fields {
			f, err := efuse.Lookup(name)
			require.NoError(t, err)
			require.NoError(t, s.BurnField(f, v))
		}
		return s
	}
	whole, coded := chip(nil), chip(map[string]uint64{"CODING_SCHEME": 1})
	for _, s := range []*efuse.Set{whole, coded} {
		require.NoError(t, derived.Place(s))
		want, ok := derived.V1(s.CodingScheme())
		require.True(t, ok)
		require.True(t, want.Equal(s.HardwareBootKey()))
		require.NoError(t, s.CheckCoding(2))
	}
	require.False(t, whole.HardwareBootKey().Equal(coded.HardwareBootKey()))

	raw := refdata.Read(t, "espsecure", "test-key-rsa-a.sbv2digest.bin")
	plain, err := bootkey.Read("digest.bin", raw)
	require.NoError(t, err)
	signed := chip(map[string]uint64{"ABS_DONE_1": 1})
	require.NoError(t, plain.Place(signed))
	require.Equal(t, raw, signed.Cells(2), "a digest is not reversed as a key is")
	require.NoError(t, plain.Place(whole))
	require.NotEqual(t, raw, whole.Cells(2))
	both := chip(map[string]uint64{"ABS_DONE_0": 1, "ABS_DONE_1": 1})
	require.NoError(t, plain.Place(both))
	require.Equal(t, whole.Cells(2), both.Cells(2), "with both burnt, V1 has come first and its key is there")
	require.Error(t, plain.Place(coded), "32 bytes do not fit the 3/4 coding scheme")
}

func TestRefusals(t *testing.T) {
	for reason, file := range map[string][]byte{
		"it has 31 bytes":           make([]byte, 31),
		"it has 0 bytes":            nil,
		"derives from the private ": pub(t),
		"damaged":                   []byte("-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----\n"),
	} {
		_, err := bootkey.Read("file", file)
		var bad *bootkey.KeyError
		require.ErrorAs(t, err, &bad, reason)
		require.ErrorContains(t, err, reason)
	}
}

// pub is a public ECDSA key, from which no key of V1 can be derived.
func pub(t *testing.T) []byte {
	public := pemkey.PublicHalf(refdata.Read(t, "espsecure", "test-key-ec-a.pem"))
	der, err := x509.MarshalPKIXPublicKey(public)
	require.NoError(t, err)
	return pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
}
