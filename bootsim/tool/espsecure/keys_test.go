package espsecure_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/bootsim/bootsim/bootsim/tool/espsecure"
	"github.com/bootsim/bootsim/fixtures/refdata"
	"github.com/stretchr/testify/require"
)

// A key that exists is kept, whoever would write it, until the user agrees.
func TestKeysAreNotOverwritten(t *testing.T) {
	b := newBench(t)
	for _, command := range []string{"generate-flash-encryption-key", "generate-signing-key", "generate_signing_key --version 2"} {
		b.must(t, command+" fresh.key")
		first := b.read(t, "fresh.key")
		b.fails(t, 2, "fresh.key already exists", command+" fresh.key")
		require.Contains(t, b.stderr.String(), "--force-write-always")
		require.Equal(t, "espsecure v5.3.1\n", deprecation.ReplaceAllString(b.stdout.String(), ""))
		require.Equal(t, first, b.read(t, "fresh.key"))
		b.must(t, command+" --force-write-always fresh.key")
		require.NotEqual(t, first, b.read(t, "fresh.key"))
		require.NoError(t, b.fs.Remove("fresh.key"))
	}
	require.NoError(t, os.Symlink("nowhere.key", filepath.Join(b.dir, "link.key")))
	b.fails(t, 2, "link.key already exists", "generate-flash-encryption-key link.key")
	require.NotContains(t, b.names(t), "nowhere.key", "nor through a dangling link")
	b.fails(t, 1, "No such file or directory", "generate-flash-encryption-key nodir/x.key")
}

// names lists the names of all files, links included.
func (b *bench) names(t *testing.T) (names []string) {
	entries, err := os.ReadDir(b.dir)
	require.NoError(t, err)
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

// Whoever may read the folder must not read a new key.
func TestNewKeysArePrivate(t *testing.T) {
	b := newBench(t)
	b.must(t, "generate-flash-encryption-key -l 192 a.key")
	b.must(t, "generate-signing-key b.key")
	b.must(t, "digest-private-key -k b.key c.key")
	for name, size := range map[string]int64{"a.key": 24, "b.key": 0, "c.key": 32} {
		info, err := b.fs.Stat(name)
		require.NoError(t, err)
		require.Equal(t, os.FileMode(0o600), info.Mode().Perm(), name)
		require.True(t, size == 0 || size == info.Size())
	}
}

// No command shows a byte run of its key, whatever goes right or wrong.
func TestKeysAreNotPrinted(t *testing.T) {
	b := newBench(t)
	key := b.read(t, "k1.bin")
	pemText := string(b.read(t, "test-key-ec-a.pem"))
	secret, err := x509.ParseECPrivateKey(decodePEM(t, []byte(pemText)))
	require.NoError(t, err)
	scalar, err := secret.Bytes()
	require.NoError(t, err)
	for _, line := range []string{
		"encrypt-flash-data -k k1.bin -a 0 -o x plain.bin", "encrypt-flash-data -k k1.bin -a 1 -o x plain.bin",
		"encrypt-flash-data -k k1.bin -a 0x1000000 -o x plain.bin", "digest-secure-bootloader -k k1.bin -o x boot-pad.bin",
		"sign-data -v 1 -k k1.bin -o x plain.bin", "sign-data -v 2 -k k1.bin -o x plain.bin", "verify-signature -v 1 -k k1.bin plain.bin",
		"sign-data -v 1 -k test-key-ec-a.pem -o x plain.bin", "digest-private-key -k test-key-ec-a.pem x", "extract-public-key -k test-key-ec-a.pem x",
		"digest-sbv2-public-key -k k1.bin -o x", "generate-flash-encryption-key k1.bin",
	} {
		b.run(strings.Fields(line)...)
		said := b.stdout.String() + b.stderr.String()
		for _, s := range []string{string(key[:8]), hex.EncodeToString(key[:4]), hex.EncodeToString(scalar[:4]), strings.Split(pemText, "\n")[1]} {
			require.NotContains(t, strings.ToLower(said), strings.ToLower(s), line)
		}
	}
}

func decodePEM(t *testing.T, file []byte) []byte {
	block, _ := pem.Decode(file)
	require.NotNil(t, block)
	return block.Bytes
}

// A private key is read in every form that espsecure and openssl write.
func TestKeyForms(t *testing.T) {
	b := newBench(t)
	ec, err := x509.ParseECPrivateKey(decodePEM(t, b.read(t, "test-key-ec-a.pem")))
	require.NoError(t, err)
	pkcs8(t, b, "ec8.pem", ec)
	params := []byte("-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n")
	b.write(t, "params.pem", append(params, b.read(t, "test-key-ec-a.pem")...))
	for _, key := range []string{"test-key-ec-a.pem", "ec8.pem", "params.pem"} {
		b.must(t, "sign-data -v 1 -k "+key+" -o s.bin p100.bin")
		require.Equal(t, b.read(t, "signed-v1-p100.bin"), b.read(t, "s.bin"), key)
		b.must(t, "verify-signature -v 1 -k "+key+" s.bin")
		b.must(t, "extract-public-key -k "+key+" pub.bin")
		require.Equal(t, b.read(t, "test-key-ec-a.pub.bin"), b.read(t, "pub.bin"))
	}
	rsa, err := x509.ParsePKCS1PrivateKey(decodePEM(t, b.read(t, "test-key-rsa-a.pem")))
	require.NoError(t, err)
	pkcs8(t, b, "rsa8.pem", rsa)
	for _, key := range []string{"test-key-rsa-a.pem", "rsa8.pem", "test-key-rsa-a.pub.pem"} {
		b.must(t, "verify-signature -v 2 -k "+key+" signed-v2-boot-pad.bin")
		digest, err := espsecure.PublicKeyDigest(b.read(t, key))
		require.NoError(t, err)
		require.Equal(t, b.read(t, "test-key-rsa-a.sbv2digest.bin"), digest[:])
	}
}

func pkcs8(t *testing.T, b *bench, name string, key any) {
	der, err := x509.MarshalPKCS8PrivateKey(key)
	require.NoError(t, err)
	b.write(t, name, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
}

// The digest that burn-key-digest burns and digest-sbv2-public-key writes is the
// reference's, for every scheme and for both halves of a key.
func TestPublicKeyDigest(t *testing.T) {
	read := func(name string) []byte { return refdata.Read(t, "espsecure", name) }
	p384, err := os.ReadFile("testdata/p384.pub.pem")
	require.NoError(t, err)
	rsaDigest := hex.EncodeToString(refdata.Read(t, "espefuse", "test-key-rsa-a.sbv2digest.bin"))
	for name, c := range map[string]struct {
		file []byte
		want string
	}{
		"RSA public":  {read("test-key-rsa-a.pub.pem"), rsaDigest},
		"RSA private": {read("test-key-rsa-a.pem"), rsaDigest},
		"P-256":       {read("test-key-ec-a.pem"), "cf405cb545543d64bdaa3ebc39fa58260fada51805439eb901113aefa189df33"},
		"P-384":       {p384, "e73e3760095955956ca622c706b052f6922b6170481defb6050e17127a5f003e"},
	} {
		got, err := espsecure.PublicKeyDigest(c.file)
		require.NoError(t, err, name)
		require.Equal(t, c.want, hex.EncodeToString(got[:]), name)
	}
}

// A key of another size than RSA-3072 has no place in BLOCK2.
func TestShortRSAKey(t *testing.T) {
	short, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(t, err)
	_, err = espsecure.PublicKeyDigest(pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(short)}))
	require.ErrorContains(t, err, "Key file has length 2048 bits")
}

// Keys that cannot serve are refused with a word on what would.
func TestUnsuitableKeys(t *testing.T) {
	b := newBench(t)
	b.must(t, "generate-signing-key -v 2 -s ecdsa384 ec384.pem")
	p521, err := ecdsa.GenerateKey(elliptic.P521(), rand.Reader)
	require.NoError(t, err)
	pkcs8(t, b, "p521.pem", p521)
	b.write(t, "broken.pem", []byte("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"))
	b.must(t, "extract-public-key -v 2 -k ec384.pem ec384.pub.pem")
	b.write(t, "zero.bin", make([]byte, 64))
	b.write(t, "huge.pem", make([]byte, 65<<10))
	for _, c := range []struct {
		rc   int
		text string
		line string
	}{
		{2, "NIST256p", "sign-data -v 1 -k ec384.pem -o x p100.bin"},
		{2, "NIST256p", "digest-private-key -k p521.pem x"},
		{2, "Incorrect ECDSA private key", "extract-public-key -k test-key-rsa-a.pem x"},
		{2, "NIST256p", "verify-signature -v 1 -k ec384.pub.pem signed-v1-p100.bin"},
		{2, "binary EC public key", "verify-signature -v 1 -k k1.bin signed-v1-p100.bin"},
		{1, "no point on the curve", "verify-signature -v 1 -k zero.bin signed-v1-p100.bin"},
		{2, "incorrect curve", "digest-sbv2-public-key -k p521.pem -o x"},
		{2, "does not appear", "verify-signature -v 2 -k k1.bin signed-v2-boot-pad.bin"},
		{1, "PEM form", "verify-signature -v 2 -k broken.pem signed-v2-boot-pad.bin"},
		{1, "PEM form", "sign-data -v 2 -k broken.pem -o x p100.bin"},
		{1, "512 bits", "digest-secure-bootloader -k zero.bin -o x boot-pad.bin"},
		{2, "larger than 65536 bytes", "verify-signature -v 1 -k huge.pem signed-v1-p100.bin"},
		{2, "rsa3072 in V2", "generate-signing-key -v 2 -s ecdsa192 new.pem"},
		{2, "V1 only supports ECDSA256", "generate-signing-key -v 1 -s rsa3072 new.pem"},
		{2, "'abc' is not a valid integer", "generate-flash-encryption-key -l abc new.bin"},
		{2, "128 is not one of [192 256]", "digest-private-key -l 128 -k test-key-ec-a.pem x"},
	} {
		b.fails(t, c.rc, c.text, c.line)
	}
	require.NotContains(t, b.names(t), "x")
}
