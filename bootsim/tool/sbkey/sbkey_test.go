package sbkey_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/bootsim/tool/sbkey"
	"github.com/bootsim/bootsim/fixtures/refdata"
)

// The digests are those that the reference burnt and wrote.
func TestDigestIsTheReferences(t *testing.T) {
	rsaDigest := hex.EncodeToString(refdata.Read(t, "espefuse", "test-key-rsa-a.sbv2digest.bin"))
	p384, err := os.ReadFile("testdata/p384.pub.pem")
	require.NoError(t, err)
	for name, c := range map[string]struct {
		file []byte
		want string
	}{
		"RSA public":  {refdata.Read(t, "espsecure", "test-key-rsa-a.pub.pem"), rsaDigest},
		"RSA private": {refdata.Read(t, "espsecure", "test-key-rsa-a.pem"), rsaDigest},
		"P-256":       {refdata.Read(t, "espsecure", "test-key-ec-a.pem"), "cf405cb545543d64bdaa3ebc39fa58260fada51805439eb901113aefa189df33"},
		"P-384":       {p384, "e73e3760095955956ca622c706b052f6922b6170481defb6050e17127a5f003e"},
	} {
		got, err := sbkey.Digest(c.file)
		require.NoError(t, err, name)
		require.Equal(t, c.want, hex.EncodeToString(got[:]), name)
	}
}

// A private key has the digest of its public key whatever the form of the file.
func TestFormsOfAFileAgree(t *testing.T) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	sec1, err := x509.MarshalECPrivateKey(key)
	require.NoError(t, err)
	pkcs8, err := x509.MarshalPKCS8PrivateKey(key)
	require.NoError(t, err)
	pkix, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	require.NoError(t, err)
	want, err := sbkey.Digest(block("PUBLIC KEY", pkix))
	require.NoError(t, err)
	for _, file := range [][]byte{block("EC PRIVATE KEY", sec1), block("PRIVATE KEY", pkcs8)} {
		got, err := sbkey.Digest(file)
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
}

func block(kind string, der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})
}

// What is no key for secure boot v2 is refused with a reason.
func TestRefusals(t *testing.T) {
	small, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(t, err)
	other, err := ecdsa.GenerateKey(elliptic.P521(), rand.Reader)
	require.NoError(t, err)
	p521, err := x509.MarshalPKIXPublicKey(&other.PublicKey)
	require.NoError(t, err)
	for reason, file := range map[string][]byte{
		"Key file has length 2048 bits":                   block("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(small)),
		"Key file uses incorrect curve":                   block("PUBLIC KEY", p521),
		"does not appear to be an RSA Private or Public":  []byte("no key"),
		"the key file is damaged, encrypted or of a kind": []byte("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"),
	} {
		_, err := sbkey.Digest(file)
		var bad *sbkey.KeyError
		require.ErrorAs(t, err, &bad, reason)
		require.Contains(t, err.Error(), reason)
	}
}

func FuzzDigest(f *testing.F) {
	for _, name := range []string{"test-key-rsa-a.pub.pem", "test-key-ec-a.pem", "test-key-rsa-a.pem"} {
		f.Add(refdata.Read(f, "espsecure", name))
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		_, err := sbkey.Digest(file)
		if err != nil && len(file) > 200 {
			require.False(t, bytes.Contains([]byte(err.Error()), file[100:120]), "the error shows the file")
		}
	})
}
