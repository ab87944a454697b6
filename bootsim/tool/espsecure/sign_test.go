package espsecure_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509"
	"fmt"
	"strings"
	"testing"

	"github.com/bootsim/bootsim/flashmodel/secureboot"
	"github.com/stretchr/testify/require"
)

// Three blocks fit; each key verifies its own, and a fourth is refused. The ROM
// model agrees.
func TestSignV2SeveralKeys(t *testing.T) {
	b := newBench(t)
	b.must(t, "sign-data -v 2 --keyfile test-key-rsa-a.pem test-key-rsa-b.pem --output two.bin boot-pad.bin")
	b.must(t, "sign-data -v 2 --append_signatures -k test-key-rsa-a.pem -o three.bin two.bin")
	require.Contains(t, b.stdout.String(), "2 valid signature block(s) already present")
	require.Contains(t, b.stdout.String(), "now has 3 signature blocks")
	b.fails(t, 2, "Up to 3 signature blocks", "sign-data -v 2 -a -k test-key-rsa-a.pem -o four.bin three.bin")
	b.fails(t, 2, "Number of keys (2) more than the empty signature blocks (1)",
		"sign-data -v 2 -a -k test-key-rsa-a.pem test-key-rsa-b.pem -o four.bin two.bin")
	b.fails(t, 2, "Number of keys (4) more than the empty signature blocks (3)",
		"sign-data -v 2 -k test-key-rsa-a.pem test-key-rsa-a.pem -k test-key-rsa-b.pem test-key-rsa-b.pem -o four.bin boot-pad.bin")
	b.must(t, "verify-signature -v 2 -k test-key-rsa-b.pem three.bin")
	require.Equal(t, 1, strings.Count(b.stdout.String(), "verification successful"))
	b.must(t, "verify-signature -v 2 -k test-key-rsa-a.pem three.bin")
	require.Equal(t, 2, strings.Count(b.stdout.String(), "verification successful"))
	b.must(t, "signature-info-v2 three.bin")
	require.Equal(t, 3, strings.Count(b.stdout.String(), "Public key digest for block"))

	digest := [32]byte(b.read(t, "test-key-rsa-a.sbv2digest.bin"))
	require.True(t, secureboot.VerifyROMV2(b.read(t, "three.bin"), digest).OK())
	b.must(t, "sign-data -v 2 -a -k test-key-rsa-a.pem -o fresh.bin plain4k.bin", withFile(b, "plain4k.bin", make([]byte, 4096)))
	require.Contains(t, b.stdout.String(), "No valid signature blocks found.")
}

// Signatures made elsewhere, of either scheme, are put behind the image if they
// are the key's.
func TestForeignSignatures(t *testing.T) {
	b := newBench(t)
	key, err := x509.ParsePKCS1PrivateKey(decodePEM(t, b.read(t, "test-key-rsa-a.pem")))
	require.NoError(t, err)
	padded := secureboot.PadV2(b.read(t, "boot-pad.bin"))
	b.write(t, "padded.bin", padded)
	digest := sha256.Sum256(padded)
	sig, err := rsa.SignPSS(rand.Reader, key, crypto.SHA256, digest[:], &rsa.PSSOptions{SaltLength: 32})
	require.NoError(t, err)
	b.write(t, "sig.bin", sig)
	opts := "sign-data -v 2 --pub-key test-key-rsa-a.pub.pem --signature sig.bin -o s.bin "
	b.must(t, opts+"padded.bin")
	b.must(t, "verify-signature -v 2 -k test-key-rsa-a.pem s.bin")
	b.fails(t, 2, "not sector aligned", opts+"boot-pad.bin")
	b.fails(t, 2, "Invalid Signature", opts+"other.bin", withFile(b, "other.bin", make([]byte, 4096)))
	b.fails(t, 2, "Invalid Signature", opts+"padded.bin", withFile(b, "sig.bin", sig[:383]))
	b.fails(t, 2, "Number of public keys (1) not equal to the number of signatures (2).", strings.Replace(opts, "sig.bin", "sig.bin sig.bin", 1)+"padded.bin")

	v1 := "sign-data -v 1 --pub-key pub.pem --signature raw.bin -o s1.bin p100.bin"
	ec, err := x509.ParseECPrivateKey(decodePEM(t, b.read(t, "test-key-ec-a.pem")))
	require.NoError(t, err)
	b.must(t, "extract-public-key -v 2 -k test-key-ec-a.pem pub.pem")
	block, err := secureboot.SignV1(ec, b.read(t, "p100.bin"))
	require.NoError(t, err)
	b.must(t, v1, withFile(b, "raw.bin", block[4:]))
	require.Equal(t, b.read(t, "signed-v1-p100.bin"), b.read(t, "s1.bin"))
	b.fails(t, 1, "not 64", v1, withFile(b, "raw.bin", block))
	b.fails(t, 1, "does not match", strings.Replace(v1, "p100", "plain", 1), withFile(b, "raw.bin", block[4:]))
	b.fails(t, 2, "Incorrect ECDSA public key", v1, withFile(b, "pub.pem", b.read(t, "test-key-rsa-a.pub.pem")))
}

// withFile writes a file before a command runs.
func withFile(b *bench, name string, data []byte) func(testing.TB) {
	return func(tb testing.TB) { b.write(tb, name, data) }
}

// The ECDSA scheme of newer chips, on both curves that Go knows, by our own
// signatures and by foreign ones.
func TestSignV2WithCurves(t *testing.T) {
	b := newBench(t)
	padded := make([]byte, 8192)
	b.write(t, "padded.bin", padded)
	for _, scheme := range []string{"ecdsa256", "ecdsa384"} {
		pem := scheme + ".pem"
		b.must(t, "generate-signing-key -v 2 -s "+scheme+" "+pem)
		b.must(t, "sign-data -v 2 -k "+pem+" -o s.bin padded.bin")
		require.Contains(t, b.stderr.String(), "will not boot this")
		b.must(t, "verify-signature -v 2 -k "+pem+" s.bin")
		b.must(t, "signature-info-v2 s.bin")
		require.Contains(t, b.stdout.String(), "Signature block 0 is valid (ECDSA).")
		b.fails(t, 2, "Checked all blocks", "verify-signature -v 2 -k test-key-ec-b.pem s.bin")
		b.fails(t, 2, "Checked all blocks", "verify-signature -v 2 -k test-key-rsa-a.pem s.bin")
		b.fails(t, 2, "Checked all blocks", "verify-signature -v 2 -k "+pem+" signed-v2-boot-pad.bin")
		mut := b.read(t, "s.bin")
		mut[0] ^= 1
		b.fails(t, 2, "doesn't match the image digest", "signature-info-v2 m.bin", withFile(b, "m.bin", mut))

		key, err := x509.ParseECPrivateKey(decodePEM(t, b.read(t, pem)))
		require.NoError(t, err)
		short, long := sha256.Sum256(padded), sha512.Sum384(padded)
		digest := short[:]
		if scheme == "ecdsa384" {
			digest = long[:]
		}
		der, err := ecdsa.SignASN1(rand.Reader, key, digest)
		require.NoError(t, err)
		b.must(t, "extract-public-key -v 2 -k "+pem+" pub.pem")
		b.must(t, "sign-data -v 2 --pub-key pub.pem --signature sig.der -o f.bin padded.bin", withFile(b, "sig.der", der))
		b.must(t, "verify-signature -v 2 -k pub.pem f.bin")
		foreign := "sign-data -v 2 --pub-key pub.pem --signature sig.der -o f.bin padded.bin"
		b.fails(t, 2, "Invalid Signature", foreign, withFile(b, "sig.der", der[1:]))
		b.fails(t, 2, "Invalid Signature", foreign, withFile(b, "sig.der", append(der, 0)))
		b.fails(t, 2, "Invalid Signature", foreign, withFile(b, "sig.der", der), withFile(b, "padded.bin", make([]byte, 4096)))
		b.write(t, "padded.bin", padded)
		b.must(t, "digest-sbv2-public-key -k pub.pem -o digest.bin")
		b.must(t, "signature-info-v2 f.bin")
		require.Contains(t, b.stdout.String(), fmt.Sprintf("Public key digest for block 0: % x\n", b.read(t, "digest.bin")))
	}
}

// Without an output file the image itself is signed.
func TestSignInPlace(t *testing.T) {
	b := newBench(t)
	b.must(t, "sign-data --keyfile test-key-ec-a.pem --version 1 p100.bin")
	require.Equal(t, b.read(t, "signed-v1-p100.bin"), b.read(t, "p100.bin"))
	b.must(t, "sign-data --keyfile test-key-rsa-a.pem --version 2 boot-pad.bin")
	b.must(t, "verify-signature -v 2 -k test-key-rsa-a.pem boot-pad.bin")
	b.fails(t, 2, "should not be the same", "sign-data -v 1 -k test-key-ec-a.pem -o ./p16.bin p16.bin")
	b.fails(t, 2, "should not be the same", "sign-data -v 1 -k test-key-ec-a.pem -o test-key-ec-a.pem p16.bin")
}

func TestNothingToSignWith(t *testing.T) {
	b := newBench(t)
	b.fails(t, 1, "There is no key", "sign-data -v 1 -o x p100.bin")
	b.fails(t, 2, "Signature Block generation failed.", "sign-data -v 2 -o x p100.bin")
	b.fails(t, 2, "only supports one signing key", "sign-data -v 1 -k test-key-ec-a.pem test-key-ec-b.pem -o x p100.bin")
	b.fails(t, 1, "give --keyfile", "verify-signature -v 1 signed-v1-p100.bin")
	for _, line := range []string{"sign-data -v 2 --hsm --hsm-config c.ini -o x p100.bin", "verify-signature -v 2 --hsm signed-v2-boot-pad.bin"} {
		b.fails(t, 2, "not modelled", line)
	}
	for _, options := range []string{"-v 1 -k test-key-ec-a.pem", "-v 2 -a -k test-key-rsa-a.pem"} {
		b.fails(t, 2, "nothing to sign", "sign-data "+options+" -o x p0.bin", withFile(b, "p0.bin", nil))
	}
	require.NotContains(t, b.names(t), "x")
}

// What --skip-padding signs is found again with the same option only, and not
// by a chip.
func TestSkipPadding(t *testing.T) {
	b := newBench(t)
	b.must(t, "sign-data -v 2 --skip-padding -k test-key-rsa-a.pem -o s.bin boot-pad.bin")
	require.Len(t, b.read(t, "s.bin"), len(b.read(t, "boot-pad.bin"))+4096)
	b.must(t, "verify-signature -v 2 --skip-padding -k test-key-rsa-a.pem s.bin")
	b.fails(t, 2, "multiple of 4096", "verify-signature -v 2 -k test-key-rsa-a.pem s.bin")
	b.fails(t, 2, "File too small", "verify-signature -v 2 --skip-padding -k test-key-rsa-a.pem p100.bin")
	require.False(t, secureboot.VerifyROMV2(b.read(t, "s.bin"), [32]byte(b.read(t, "test-key-rsa-a.sbv2digest.bin"))).OK())
}
