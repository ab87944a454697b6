package secureboot_test

import (
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"testing"

	"github.com/bootsim/bootsim/fixtures/refdata"
	"github.com/bootsim/bootsim/flashmodel/crypt"
	"github.com/bootsim/bootsim/flashmodel/secureboot"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// file reads recorded input or output of the reference tool.
func file(tb testing.TB, name string) []byte { return refdata.Read(tb, "espsecure", name) }

func ecKey(tb testing.TB, name string) *ecdsa.PrivateKey {
	block, _ := pem.Decode(file(tb, "test-key-"+name+".pem"))
	key, err := x509.ParseECPrivateKey(block.Bytes)
	require.NoError(tb, err)
	return key
}

func rsaKey(tb testing.TB, name string) *rsa.PrivateKey {
	block, _ := pem.Decode(file(tb, "test-key-"+name+".pem"))
	key, err := x509.ParsePKCS1PrivateKey(block.Bytes)
	require.NoError(tb, err)
	return key
}

func v1Key(tb testing.TB, name string) secureboot.V1Key {
	key, err := secureboot.NewV1Key(&ecKey(tb, name).PublicKey)
	require.NoError(tb, err)
	return key
}

func v2Key(tb testing.TB, name string) secureboot.V2Key {
	key, err := secureboot.NewV2Key(&rsaKey(tb, name).PublicKey)
	require.NoError(tb, err)
	return key
}

func hardwareKey(tb testing.TB, name string) crypt.Key {
	key, err := crypt.ParseKey(file(tb, name))
	require.NoError(tb, err)
	return key
}

// requireReason checks which check failed.
func requireReason(tb rapid.TB, want secureboot.Reason, err error) *secureboot.Failure {
	tb.Helper()
	var f *secureboot.Failure
	require.ErrorAs(tb, err, &f)
	require.Equal(tb, want, f.Reason, "%v", err)
	require.NotEmpty(tb, f.Error())
	return f
}
